// Recipes: the distributions of lifetimes that our genomes are evolved on.
//
// Each takes a template `LearnerOf<Net>`, so that backpropagation's plasticity can be evolved by
// the very same lifetimes as a TDCA-network.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "support/designs.hpp"
#include "tdca/evolution/task_distribution.hpp"
#include "tdca/evolution/training_task.hpp"

namespace tdca::support {

/// The data that a genome is evolved on; what is held out is left empty.
struct RecipeData {
    std::vector<Lessons> images;  ///< pooled to 14 × 14, ten classes
    std::vector<Lessons> digits;
    std::vector<Lessons> breast_cancer;
    std::vector<Lessons> wine;
    std::vector<Lessons> iris;
};

/// Distributions of lifetimes, for learners `LearnerOf<Net>`.
///
/// A stage of the curriculum is the longest lifetime, in updates, that it lets live.
template <template <class> class LearnerOf>
class Recipe {
public:
    using Representative = LearnerOf<DenseClassifier<784, 64>>;
    using Genome = typename Representative::Genome;
    using Lives = TaskDistribution<Representative>;

    /// For a specialist of one kind of images.
    static Lives images(const RecipeData& data, std::size_t stage) {
        Lives lives;
        const auto one = range(data.images, stage, 3000, 2, 2000);
        lives.stratum("one hidden layer", 2)
            .add(task<DenseClassifier<196, 64>>(one))
            .add(task<DenseClassifier<196, 64>>(one))
            .add(task<DenseClassifier<196, 160>>(one));
        lives.stratum("two", 2).add(task<DenseClassifier<196, 128, 64>>(one));
        const auto deep = range(data.images, stage, 1000, 1, 2000);
        lives.stratum("three to five", 1)
            .add(task<DenseClassifier<196, 40, 40, 40>>(deep))
            .add(task<DenseClassifier<196, 32, 32, 32, 32, 32>>(deep));
        return lives;
    }
    static constexpr const char* images_description =
        "images pooled to 14x14, ReLU, minibatches of 64, 2,000 to all training samples; "
        "196-64-10 (two thirds) or 196-160-10: two lifetimes of 50-3000 updates; 196-128-64-10: "
        "two "
        "of 50-3000; 196-40-40-40-10 or 196-32-32-32-32-32-10: one of 50-1000";

    /// For a genome that is to serve whatever comes: data sets, widths, depths, activations and
    /// minibatches of many kinds.
    static Lives universal(const RecipeData& data, std::size_t stage) {
        Lives lives;
        const auto one = range(data.images, stage, 3000, 2, 1000);
        lives.stratum("images, one hidden layer", 2);
        if (!data.images.empty()) {
            lives.add(task<DenseClassifier<196, 64>>(one))
                .add(task<DenseClassifier<196, 16>, 16>(one))
                .add(task<DenseClassifier<196, 192>>(one))
                .add(task<Mlp<196, 10, Tanh, 48>, 32>(one));
        }
        const auto deep = range(data.images, stage, 1500, 2, 1000);
        lives.stratum("images, deeper", 2);
        if (!data.images.empty()) {
            lives.add(task<DenseClassifier<196, 128, 64>>(deep))
                .add(task<DenseClassifier<196, 32, 32, 32>, 32>(deep))
                .add(task<DenseClassifier<196, 32, 32, 32, 32, 32>>(deep))
                .add(task<Mlp<196, 10, Tanh, 48, 48, 48, 48>>(deep));
        }
        const auto digits = range(data.digits, stage, 3000, 1, 100);
        lives.stratum("digits", 1);
        if (!data.digits.empty()) {
            lives.add(task<DenseClassifier<64, 32>, 32>(digits))
                .add(task<DenseClassifier<64, 64, 32>>(digits))
                .add(task<Mlp<64, 10, LeakyRelu, 24, 24, 24, 24>>(digits));
        }
        lives.stratum("tables", 1);
        tables<30, 2>(lives, range(data.breast_cancer, stage, 3000, 1, 50));
        tables<13, 3>(lives, range(data.wine, stage, 3000, 1, 50));
        tables<4, 3>(lives, range(data.iris, stage, 3000, 1, 50));
        return lives.drop_empty_strata();
    }
    static constexpr const char* universal_description =
        "six lifetimes: images pooled to 14x14 on 196-{16,64,192}-10, 196-48-10 tanh (two of "
        "50-3000 "
        "updates) and on 196-128-64-10, 196-32^3-10, 196-32^5-10, 196-48^4-10 tanh (two of "
        "50-1500); "
        "digits on 64-32-10, 64-64-32-10, 64-24^4-10 leaky ReLU (50-3000); tables on two and three "
        "layers of 16 and 24, ReLU and tanh (50-3000); minibatches of 16, 32, 64";

private:
    template <class Net, std::size_t Samples = 64>
    static TrainingTask<LearnerOf<Net>, Samples> task(const LifetimeRange& range) {
        return TrainingTask<LearnerOf<Net>, Samples>(range);
    }

    static LifetimeRange range(const std::vector<Lessons>& data, std::size_t stage,
                               std::size_t longest, std::size_t lifetimes, std::size_t fewest) {
        LifetimeRange range;
        range.data = data;
        range.longest = std::min(longest, stage);
        range.lifetimes = lifetimes;
        range.fewest_samples = fewest;
        return range;
    }

    template <std::size_t Features, std::size_t Classes>
    static void tables(Lives& lives, const LifetimeRange& range) {
        if (range.data.empty()) return;
        lives.add(task<Mlp<Features, Classes, Relu, 16>, 16>(range))
            .add(task<Mlp<Features, Classes, Tanh, 24, 24>, 32>(range))
            .add(task<Mlp<Features, Classes, Relu, 16, 16, 16>, 32>(range));
    }
};

}  // namespace tdca::support
