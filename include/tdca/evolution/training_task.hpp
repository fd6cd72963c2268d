// TrainingTask: lifetimes of a network that learns from samples, judged on samples it did not learn
// from.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tdca/concepts/task.hpp"
#include "tdca/concepts/window.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/memory.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/sampler.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/training/cohort.hpp"

namespace tdca::inline TDCA_ABI {

/// Samples to learn from, and samples to be judged by.
struct Lessons {
    Subset train;       ///< to learn from
    Subset validation;  ///< to be judged by
};

/// What the lifetimes of a network that learns from samples are drawn from.
struct LifetimeRange {
    std::vector<Lessons> data;   ///< one of these, with equal chances
    std::size_t shortest = 50;   ///< updates; horizons are log-uniform from here …
    std::size_t longest = 5000;  ///< … to here
    /// Lifetimes of one evaluation. They share out the range of horizons, the longest last.
    std::size_t lifetimes = 1;
    /// Training samples are all, or fewer, log-uniform from this number on: so that a genome knows
    /// what many passes through few samples do.
    std::size_t fewest_samples = std::numeric_limits<std::size_t>::max();
    /// A longer lifetime ends here, in the middle of its course.
    std::size_t truncation = std::numeric_limits<std::size_t>::max();
    std::size_t judged = 2000;  ///< validation samples
    /// Share of fitness that is for the loss along the way rather than at the end, in [0, 1].
    double along_the_way = 0;
};

/// Fresh networks live on training samples; fitness is minus their loss on validation samples, as
/// the learner's signal judges: mean cross-entropy of labels, mean squared error of numbers. Data,
/// horizon, number of training samples and validation samples follow from the lifetime's key, so
/// all members of a generation meet the same.
///
/// Cost: horizons × updates; see docs/method.md.
template <class LearnerType, std::size_t Samples = 64>
class TrainingTask {
public:
    using Genome = typename LearnerType::Genome;
    using Workspace = Cohort<LearnerType, Samples>;
    /// A network between two windows of its life.
    struct Life {
        std::vector<typename LearnerType::State, LargePages<typename LearnerType::State>> state;
        double fitness = 0;  ///< of the windows so far: minus the loss after the last
    };

    /// Losses are also taken after this fraction of a lifetime, for `along_the_way`.
    static constexpr std::array<double, 3> marks{0.125, 0.25, 0.5};

    /// @throws tdca::Error where the range holds no lifetime
    explicit TrainingTask(LifetimeRange range) : range_(std::move(range)) {
        constexpr const char* name = "TrainingTask";
        require_some(name, "data given", range_.data.size());
        for (const Lessons& lessons : range_.data) {
            require_some(lessons.train.name(), "training samples", lessons.train.size());
            require_some(lessons.validation.name(), "validation samples",
                         lessons.validation.size());
        }
        require_some(name, "lifetimes", range_.lifetimes);
        require_some(name, "validation samples to judge by", range_.judged);
        require_some(name, "updates before lifetimes are truncated", range_.truncation);
        require_some(name, "updates in the shortest horizon", range_.shortest);
        require_within<std::uint64_t>(name, "longest horizon", 0, most_countable, range_.longest);
        require_within<std::uint64_t>(name, "number of lifetimes", 0, most_countable,
                                      range_.lifetimes);
        if (range_.shortest > range_.longest) {
            throw Error(name, "the shortest horizon is longer than the longest",
                        "at most " + to_text(range_.longest), to_text(range_.shortest));
        }
        if (!(range_.along_the_way >= 0 && range_.along_the_way <= 1)) {
            throw Error(name, "the share of fitness along the way is no share", "from 0 to 1",
                        to_text(range_.along_the_way));
        }
        const double ratio =
            static_cast<double>(range_.longest) / static_cast<double>(range_.shortest);
        for (std::size_t i = 0; i < range_.lifetimes; ++i) {
            const auto at = [&](std::size_t part) {
                return static_cast<double>(range_.shortest) *
                       std::pow(ratio,
                                static_cast<double>(part) / static_cast<double>(range_.lifetimes));
            };
            horizons_.push_back({at(i), at(i + 1)});
        }
    }

    /// Lifetime number i of an evaluation has horizon `horizons[i]`.
    ///
    /// @param horizons updates, each at least 1
    /// @param judged validation samples per lifetime
    TrainingTask(Subset train, Subset validation, const std::vector<std::size_t>& horizons,
                 std::size_t judged = 2000)
        : TrainingTask(fixed(std::move(train), std::move(validation), horizons, judged)) {
        for (std::size_t i = 0; i < horizons.size(); ++i) {
            require_some("TrainingTask", "updates in horizon " + to_text(i), horizons[i]);
            horizons_[i] = {static_cast<double>(horizons[i]), static_cast<double>(horizons[i])};
        }
    }

    static void initialize(Genome& genome, Key key) noexcept {
        LearnerType::initialize(genome, key);
    }

    [[nodiscard]] std::size_t lifetimes() const noexcept { return horizons_.size(); }
    [[nodiscard]] std::size_t side_by_side() const noexcept { return Workspace::natural_size; }
    [[nodiscard]] Workspace workspace() const { return Workspace(side_by_side()); }

    /// Updates that lifetime `id` is planned for.
    [[nodiscard]] std::size_t horizon(const LifetimeId& id) const noexcept {
        const Horizon& range = horizons_[id.index % horizons_.size()];
        return static_cast<std::size_t>(
            std::llround(range.shortest * std::pow(range.longest / range.shortest,
                                                   fraction(id.key / drawing_horizon))));
    }

    [[nodiscard]] double lifetime(const LifetimeId& id, const Genome& genome,
                                  Workspace& workspace) const {
        double fitness = 0;
        lifetimes(id, {&genome, 1}, {&fitness, 1}, workspace);
        return fitness;
    }

    /// Several members' lifetimes on the same minibatches; see @ref CohortTask.
    void lifetimes(const LifetimeId& id, std::span<const Genome> genomes, std::span<double> fitness,
                   Workspace& workspace) const {
        const Plan plan = plan_of(id);
        const Subset& judges = plan.judges;
        const std::size_t lived = std::min(plan.course.updates, range_.truncation);
        const double along = range_.along_the_way;

        workspace.begin(genomes, id.key / 0 / 0, plan.course);
        const Sampler sampler(plan.train, id.key / 0 / 1);
        std::fill(fitness.begin(), fitness.end(), 0.0);
        std::vector<typename Workspace::Evaluation> results(fitness.size());
        std::size_t age = 0;
        const auto live_to = [&](std::size_t end, double weight) {
            workspace.train(sampler, end - age, genomes.size());
            age = end;
            workspace.evaluate(judges, results);
            for (std::size_t m = 0; m < results.size(); ++m) fitness[m] -= weight * results[m].loss;
        };
        if (along > 0) {
            for (const double mark : marks) {
                live_to(static_cast<std::size_t>(mark * static_cast<double>(lived)),
                        along / static_cast<double>(marks.size()));
            }
        }
        live_to(lived, 1 - along);
    }

    [[nodiscard]] Life life() const {
        return {
            std::vector<typename LearnerType::State, LargePages<typename LearnerType::State>>(1),
            0};
    }

    /// One of the windows of a lifetime: its updates, and by how much they make the loss on
    /// validation samples less; see @ref WindowTask. The first counts from a loss of 0, so that
    /// windows add up to the fitness of the lifetime, were `along_the_way` 0. Of a life that ends
    /// at `truncation` they are parts of what is lived.
    [[nodiscard]] double live_window(const LifetimeId& id, const Window& window,
                                     const Genome& genome, Life& life, Workspace& workspace) const {
        const Plan plan = plan_of(id);
        const std::size_t lived = std::min(plan.course.updates, range_.truncation);
        const std::size_t begin = lived * window.number / window.count;
        const std::size_t end = lived * (window.number + 1) / window.count;
        if (window.number == 0) {
            workspace.begin(0, genome, id.key / 0 / 0, plan.course);
        } else {
            workspace.resume(0, genome, plan.course, life.state.front());
        }
        workspace.train(Sampler(plan.train, id.key / 0 / 1), end - begin, 1);
        typename Workspace::Evaluation result;
        workspace.evaluate(plan.judges, std::span(&result, 1));
        life.state.front() = workspace.state(0);
        const double before = window.number == 0 ? 0 : life.fitness;
        life.fitness = -result.loss;
        return life.fitness - before;
    }

private:
    struct Horizon {
        double shortest;
        double longest;
    };

    using Sampler = MinibatchSampler<Samples, typename Workspace::Target>;

    /// What a lifetime is made of.
    struct Plan {
        Subset train;
        Subset judges;
        Course course;
    };

    [[nodiscard]] Plan plan_of(const LifetimeId& id) const {
        const Lessons& lessons = range_.data[(id.key / drawing_data).below(range_.data.size(), 0)];
        Subset train = training_samples(lessons.train, id.key / drawing_samples).told();
        const Course course = Course::over(horizon(id), Samples, train.size());
        return {std::move(train), judging_samples(lessons.validation, id.key / 1), course};
    }

    // Branches of a lifetime's key; 0 is for births and minibatches, 1 for the judges.
    static constexpr std::uint64_t drawing_horizon = 2;
    static constexpr std::uint64_t drawing_data = 3;
    static constexpr std::uint64_t drawing_samples = 4;

    static LifetimeRange fixed(Subset train, Subset validation,
                               const std::vector<std::size_t>& horizons, std::size_t judged) {
        require_some("TrainingTask", "horizons", horizons.size());
        LifetimeRange range;
        range.data.push_back({std::move(train), std::move(validation)});
        range.lifetimes = horizons.size();
        range.judged = judged;
        return range;
    }

    /// Uniform in [0, 1).
    static double fraction(Key key) noexcept {
        constexpr std::uint64_t steps = 1U << 24U;
        return static_cast<double>(key.below(steps, 0)) / static_cast<double>(steps);
    }

    [[nodiscard]] Subset training_samples(const Subset& all, Key key) const {
        if (range_.fewest_samples >= all.size()) return all;
        const auto fewest = static_cast<double>(std::max<std::size_t>(range_.fewest_samples, 1));
        const auto count = static_cast<std::size_t>(
            fewest * std::pow(static_cast<double>(all.size()) / fewest, fraction(key / 0)));
        return all.range((key / 1).below(all.size() - count + 1, 0), count);
    }

    [[nodiscard]] Subset judging_samples(const Subset& all, Key key) const {
        const std::size_t count = std::min(range_.judged, all.size());
        return all.range(key.below(all.size() - count + 1, 0), count);
    }

    LifetimeRange range_;
    std::vector<Horizon> horizons_;
};

}  // namespace tdca
