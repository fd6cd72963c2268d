// Accuracy over seeds: the same births and minibatches for whatever is compared.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "baseline/sweep.hpp"
#include "support/plot.hpp"
#include "support/statistics.hpp"
#include "tdca/analysis/measures.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/training/lifetime.hpp"

namespace tdca::support {

/// What a comparison runs on.
struct Arena {
    Subset train;
    Subset validation;
    Subset test;
    Key key;
    int threads;
    std::size_t seeds;  ///< lifetimes per figure

    /// The key of lifetime `seed`: births and minibatches follow from it, for every contestant.
    [[nodiscard]] Key lifetime_key(std::size_t seed) const { return key / 1 / seed; }
    /// Tuning uses lifetimes that no comparison lives.
    [[nodiscard]] Key tuning_key() const { return key / 2; }
};

/// Test accuracy, in percent, of each seed's network after `horizon` updates.
template <class LearnerType, std::size_t Samples = 64>
std::vector<double> test_accuracies(const Arena& arena, const typename LearnerType::Genome& genome,
                                    std::size_t horizon) {
    std::vector<double> accuracy(arena.seeds);
    parallel_for(arena.seeds, arena.threads, [&](std::size_t seed, std::size_t) {
        Lifetime<LearnerType, Samples> life;
        life.live(genome, arena.train, arena.lifetime_key(seed), horizon);
        accuracy[seed] = 100 * life.evaluate(arena.test).accuracy;
    });
    return accuracy;
}

/// The same for a textbook setting of backpropagation.
template <class Net, std::size_t Samples = 64>
std::vector<double> test_accuracies(const Arena& arena, const baseline::Setting& setting,
                                    std::size_t horizon) {
    return baseline::with_optimizer<Net>(setting.optimizer, [&]<class LearnerType>() {
        return test_accuracies<LearnerType, Samples>(
            arena, baseline::settings_of<LearnerType>(setting), horizon);
    });
}

/// Validation accuracy along lifetimes of `horizon` updates, mean and deviation over some seeds.
template <class LearnerType>
Curve learning_curve(const Arena& arena, const std::string& label,
                     const typename LearnerType::Genome& genome, std::size_t horizon) {
    constexpr std::size_t seeds = 4;
    std::vector<std::size_t> marks;
    for (std::size_t mark = 2; mark < horizon; mark = mark * 5 / 4 + 1) marks.push_back(mark);
    marks.push_back(horizon);
    const Subset judged =
        arena.validation.first(std::min<std::size_t>(arena.validation.size(), 2000));
    std::vector<double> accuracy(seeds * marks.size());
    parallel_for(seeds, arena.threads, [&](std::size_t seed, std::size_t) {
        const Key key = arena.tuning_key() / seed;
        Lifetime<LearnerType> life;
        life.begin(genome, key / 0, horizon);
        const MinibatchSampler<64> sampler(arena.train, key / 1);
        std::size_t i = 0;
        train_with_marks(life, sampler, marks, [&](std::size_t) {
            accuracy[i++ * seeds + seed] = 100 * life.evaluate(judged).accuracy;
        });
    });
    Curve curve{label, {}, {}, {}};
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const Summary summary =
            summarize(std::span<const double>(accuracy.data() + i * seeds, seeds));
        curve.x.push_back(static_cast<double>(marks[i]));
        curve.mean.push_back(summary.mean);
        curve.deviation.push_back(summary.deviation);
    }
    return curve;
}

}  // namespace tdca::support
