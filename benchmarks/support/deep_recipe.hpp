// The lifetimes that a genome of deep plain networks is evolved on.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "baseline/ladder.hpp"
#include "support/chosen_births.hpp"
#include "tdca/evolution/task_distribution.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/plasticity/depth_schedule.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/training/learner.hpp"

namespace tdca::support {

/// The chosen step of the ladder with the plasticity and the births of `DeepLearner`.
template <class Net>
using DeepLadder =
    baseline::LadderLearner<Net, ClassificationSignal<Net::output_shape::size>,
                            baseline::Step::chosen, DepthSchedule<>, HiddenBirth::first_layer>;

/// Deep narrow networks of plain ReLU layers, on images pooled to 14 × 14.
template <template <class> class LearnerOf>
class DeepRecipe {
public:
    using Representative = LearnerOf<PlainDeep<12, 196, 32>>;
    using Lives = TaskDistribution<Representative>;

    static constexpr const char* description =
        "one lifetime of 100 to 1000 updates on minibatches of 64, images pooled to 14x14, on 12, "
        "24 or 40 plain ReLU layers of 32";

    /// @param stage no lifetime is longer, in updates
    static Lives lives(const std::vector<Lessons>& images, std::size_t stage) {
        LifetimeRange range;
        range.data = images;
        range.shortest = std::min<std::size_t>(100, stage);
        range.longest = std::min<std::size_t>(1000, stage);
        range.judged = 1000;
        Lives lives;
        lives.stratum("deep", 1)
            .add(TrainingTask<LearnerOf<PlainDeep<12, 196, 32>>>(range))
            .add(TrainingTask<LearnerOf<PlainDeep<24, 196, 32>>>(range))
            .add(TrainingTask<LearnerOf<PlainDeep<40, 196, 32>>>(range));
        return lives;
    }
};

}  // namespace tdca::support
