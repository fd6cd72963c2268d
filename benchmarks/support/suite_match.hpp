// One table of the suite: a genome that nothing was tuned for, beside backpropagation that was.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "baseline/setting.hpp"
#include "baseline/sweep.hpp"
#include "support/designs.hpp"
#include "support/every_recipe.hpp"
#include "support/statistics.hpp"
#include "support/table_suite.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/presets.hpp"
#include "tdca/training/lifetime.hpp"

namespace tdca::support {

/// How a match is played.
struct MatchPlan {
    std::size_t updates = 1000;
    std::size_t seeds = 8;  ///< lives of a figure
    int threads = 1;
    baseline::SweepPlan sweep;
};

/// The genomes of a match: evolutions of one recipe.
struct MatchGenomes {
    std::vector<ClassifierGenome> tdca;
    /// Exact gradients with plasticity that was evolved alike; may be empty.
    std::vector<EvolvedBackpropFor<NumbersMlp<1, 1, Relu, 2>, RegressionSignal<1>>::Genome>
        backprop;
};

/// What came of it. Losses are means over the test samples: cross-entropy in nats, or squared error
/// in variances of the training samples.
struct MatchResult {
    std::string task;
    std::size_t updates = 0;
    Summary tdca;              ///< over all genomes and seeds
    Summary tuned;             ///< backpropagation at its best for this table and number of updates
    Summary untuned;           ///< Adam with a rate of 0.001
    Summary evolved;           ///< exact gradients with evolved plasticity
    std::string setting;       ///< of tuned backpropagation
    std::size_t settings = 0;  ///< that were tried
    /// How many times as many updates tuned backpropagation took to its last validation loss.
    double speed_up = 0;
    std::size_t broken = 0;  ///< lives whose loss is not finite

    /// Loss relative to tuned backpropagation's.
    [[nodiscard]] double relative_loss() const { return tdca.mean / tuned.mean; }
};

/// Plays a match on a network of this type, for what this signal takes.
template <class Net, class SignalType>
class Match {
    using Tdca = UniversalLearner<Net, SignalType>;
    using Evolved = EvolvedBackpropFor<Net, SignalType>;

public:
    /// @param data must outlive the match
    Match(const TableData& data, const MatchPlan& plan) : plan_(plan), data_(data) {}

    [[nodiscard]] MatchResult play(const MatchGenomes& genomes) {
        MatchResult result;
        result.task = data_.task().name;
        result.updates = plan_.updates;
        const auto ranking = tune();
        const baseline::Setting& best = ranking.front().setting;
        result.setting = baseline::describe(best);
        result.settings = ranking.size();
        result.tuned = summary(losses(best, data_.test(), plan_.updates), result.broken);
        const baseline::Setting plain{"adam", 0.001F, baseline::RateCourse::constant, 1};
        result.untuned = summary(losses(plain, data_.test(), plan_.updates), result.broken);
        result.broken = 0;
        result.tdca =
            summary(losses<Tdca>(genomes.tdca, data_.test(), plan_.updates), result.broken);
        if (!genomes.backprop.empty()) {
            std::size_t others = 0;
            result.evolved =
                summary(losses<Evolved>(genomes.backprop, data_.test(), plan_.updates), others);
        }
        const std::vector<double> goal = losses(best, data_.validation(), plan_.updates);
        result.speed_up = speed_up(genomes.tdca, summarize(goal).mean);
        return result;
    }

private:
    /// What comes, on `judged`, of a life on the training samples.
    template <class LearnerType>
    [[nodiscard]] double loss(const typename LearnerType::Genome& genome, const Subset& judged,
                              Key key, std::size_t updates) const {
        const auto life = std::make_unique<Lifetime<LearnerType>>();
        life->live(genome, data_.train(), key, updates);
        return life->evaluate(judged).loss;
    }

    /// The same for all seeds of all genomes.
    template <class LearnerType>
    [[nodiscard]] std::vector<double> losses(
        const std::vector<typename LearnerType::Genome>& genomes, const Subset& judged,
        std::size_t updates) const {
        std::vector<double> result(genomes.size() * plan_.seeds);
        parallel_for(result.size(), plan_.threads, [&](std::size_t unit, std::size_t) {
            result[unit] = loss<LearnerType>(genomes[unit / plan_.seeds], judged,
                                             Key(7) / 1 / (unit % plan_.seeds), updates);
        });
        return result;
    }
    [[nodiscard]] std::vector<double> losses(const baseline::Setting& setting, const Subset& judged,
                                             std::size_t updates) const {
        return baseline::with_optimizer<Net, SignalType>(
            setting.optimizer, [&]<class LearnerType>() {
                return losses<LearnerType>(std::vector{baseline::settings_of<LearnerType>(setting)},
                                           judged, updates);
            });
    }

    [[nodiscard]] std::vector<baseline::Tuned> tune() const {
        baseline::SweepPlan plan = plan_.sweep;
        plan.smooths = std::is_same_v<typename SignalType::Target, std::uint16_t>;
        const auto worth = [&](const baseline::Setting& setting, std::size_t lifetime) {
            const double lost = baseline::with_optimizer<Net, SignalType>(
                setting.optimizer, [&]<class LearnerType>() {
                    return loss<LearnerType>(baseline::settings_of<LearnerType>(setting),
                                             data_.validation(), Key(7) / 2 / lifetime,
                                             plan_.updates);
                });
            // What is broken is worse than anything that learns.
            return std::isfinite(lost) ? -lost : -1e9;
        };
        const auto judge = [&](const std::vector<baseline::Setting>& settings, std::size_t first,
                               std::size_t count) {
            return baseline::mean_figures(settings, first, count, plan_.threads, worth);
        };
        return baseline::Sweep(plan, judge).run();
    }

    /// The shortest life, among planned ones a quarter of an octave apart, that ends as low.
    [[nodiscard]] double speed_up(const std::vector<ClassifierGenome>& genomes, double goal) const {
        for (int quarter = 16; quarter >= -8; --quarter) {
            const double factor = std::exp2(quarter / 4.0);
            const auto updates =
                static_cast<std::size_t>(std::lround(static_cast<double>(plan_.updates) / factor));
            if (summarize(losses<Tdca>(genomes, data_.validation(), updates)).mean <= goal) {
                return factor;
            }
        }
        return 0;
    }

    [[nodiscard]] static Summary summary(const std::vector<double>& losses, std::size_t& broken) {
        for (const double loss : losses) broken += std::isfinite(loss) ? 0 : 1;
        return summarize(losses);
    }

    const MatchPlan& plan_;
    const TableData& data_;
};

}  // namespace tdca::support
