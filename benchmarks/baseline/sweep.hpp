// The tuned sweep: backpropagation at its best, for one network and one horizon.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "baseline/setting.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/training/lifetime.hpp"

namespace tdca::baseline {

/// A setting and what it reached on the validation samples, mean over as many lifetimes.
struct Tuned {
    Setting setting;
    double accuracy = 0;
    std::size_t lifetimes = 0;
};

/// A round of halving: how many settings go on, and for how many more lifetimes each.
struct Halving {
    std::size_t settings;
    std::size_t lifetimes;
};

/// What a sweep spends.
struct SweepPlan {
    std::size_t seeds = 1;  ///< lifetimes per setting before the halving, which multiply its own
    std::vector<RateCourse> courses{RateCourse::constant, RateCourse::cosine, RateCourse::linear,
                                    RateCourse::warm_up, RateCourse::one_cycle};
    std::size_t lines = 8;  ///< how many go on to other births and labels
    std::vector<Halving> rounds{{16, 2}, {8, 4}, {4, 8}};
    bool smooths = true;  ///< whether labels are smoothed, where there are labels

    /// Shows that a sweep runs, and little more.
    [[nodiscard]] static SweepPlan quick() { return {1, {RateCourse::linear}, 1, {{2, 1}}}; }
};

/// The search for the best setting, whatever a setting is judged by.
///
/// A line is all settings that differ in the rate alone; its rates are a factor 2 apart. First
/// every optimiser, decay and course with an output layer born zero and plain labels: three rates a
/// line, and more beyond an end for as long as the best stands there. The best lines are then tried
/// with the other births of the output layer and smoothed labels likewise, and the best of all with
/// hidden layers born half as large. The best settings live on in rounds of halving. Last, the
/// neighbours of the leader, in rate, decay and hidden births, live as many lifetimes as it did,
/// until none of them leads: the best is never at an edge of what was tried. All settings live the
/// same lifetimes, so that their differences are less noisy than they are.
class Sweep {
public:
    /// Mean accuracy, or what else is better when it is higher, of each setting over the lifetimes
    /// `first` to `first + count − 1`.
    using Judge = std::function<std::vector<double>(const std::vector<Setting>& settings,
                                                    std::size_t first, std::size_t count)>;

    Sweep(SweepPlan plan, Judge judge) : plan_(std::move(plan)), judge_(std::move(judge)) {
        require_some("Sweep", "lifetimes per setting", plan_.seeds);
        require_some("Sweep", "courses of the rate", plan_.courses.size());
        require_some("Sweep", "lines that go on", plan_.lines);
    }

    /// Every setting that was tried: those that lived longest first, and the best of them first.
    [[nodiscard]] std::vector<Tuned> run() {
        explore(first_lines());
        explore(with_other_outputs(best_of_lines(plan_.lines)));
        explore(with_smaller_births(best_of_lines(plan_.lines)));
        std::size_t lifetimes = plan_.seeds;
        for (const Halving& round : plan_.rounds) {
            auto field = ranking();
            field.resize(std::min(field.size(), round.settings));
            lifetimes += plan_.seeds * round.lifetimes;
            live(settings_in(field), lifetimes);
        }
        while (live(neighbours(ranking().front().setting), lifetimes)) {
        }
        return ranking();
    }

private:
    struct Score {
        double sum = 0;
        std::size_t lifetimes = 0;
    };

    /// Where nothing learns, or all learns alike, no value is best: the search ends somewhere.
    [[nodiscard]] static bool is_sensible(const Setting& setting) {
        const auto within = [](float least, float value, float most) {
            return value >= least && value <= most;
        };
        return within(1e-7F, setting.rate, 1e3F) && within(0.01F, setting.hidden_gain, 100) &&
               within(0, setting.decay, 100);
    }

    [[nodiscard]] std::vector<Setting> first_lines() const {
        std::vector<Setting> settings;
        for (const Optimizer& optimizer : optimizers) {
            const std::vector<float> decays = optimizer.decays
                                                  ? std::vector<float>{0.25F, 0.0625F, 0.015625F}
                                                  : std::vector<float>{0};
            for (const RateCourse course : plan_.courses) {
                for (const float decay : decays) {
                    add_rates(
                        {std::string(optimizer.name), optimizer.usual_rate, course, 0, 0, decay},
                        settings);
                }
            }
        }
        return settings;
    }

    [[nodiscard]] std::vector<Setting> with_other_outputs(
        const std::vector<Setting>& settings) const {
        std::vector<Setting> others;
        for (Setting setting : settings) {
            for (const float gain : {0.0F, 1.0F}) {
                for (const float smoothing : {0.0F, 0.1F}) {
                    if (smoothing != 0 && !plan_.smooths) continue;
                    setting.output_gain = gain;
                    setting.smoothing = smoothing;
                    add_rates(setting, others);
                }
            }
        }
        return others;
    }

    [[nodiscard]] static std::vector<Setting> with_smaller_births(
        const std::vector<Setting>& settings) {
        std::vector<Setting> others;
        for (Setting setting : settings) {
            setting.hidden_gain /= 2;
            add_rates(setting, others);
        }
        return others;
    }

    static void add_rates(Setting setting, std::vector<Setting>& settings) {
        const float rate = setting.rate;
        for (const float factor : {0.5F, 1.0F, 2.0F}) {
            setting.rate = rate * factor;
            settings.push_back(setting);
        }
    }

    [[nodiscard]] static Setting line_of(Setting setting) {
        setting.rate = 0;
        return setting;
    }

    /// The settings beside one, in rate, hidden births and, where there is one, decay.
    [[nodiscard]] static std::vector<Setting> neighbours(const Setting& setting) {
        std::vector<Setting> beside;
        const auto vary = [&](float Setting::*what, float factor) {
            for (const float times : {1 / factor, factor}) {
                beside.push_back(setting);
                beside.back().*what *= times;
            }
        };
        vary(&Setting::rate, 2);
        vary(&Setting::hidden_gain, 2);
        if (setting.decay != 0) vary(&Setting::decay, 4);
        return beside;
    }

    /// Tries settings, and what lies beyond the ends of lines, until the best rate of every line is
    /// inside.
    void explore(std::vector<Setting> wanted) {
        while (live(wanted, plan_.seeds)) wanted = beyond_the_edges();
    }

    /// The next rate of every line whose best stands at its end.
    [[nodiscard]] std::vector<Setting> beyond_the_edges() const {
        struct Ends {
            Setting first;
            Setting last;
            Setting best;
            double accuracy = -std::numeric_limits<double>::infinity();
        };
        // A map of settings is in order of optimiser, then rate.
        std::map<Setting, Ends> lines;
        for (const auto& [setting, score] : scores_) {
            Ends& ends = lines.try_emplace(line_of(setting), Ends{setting, {}, {}}).first->second;
            ends.last = setting;
            const double accuracy = mean(score);
            if (accuracy > ends.accuracy) {
                ends.best = setting;
                ends.accuracy = accuracy;
            }
        }
        std::vector<Setting> wanted;
        for (auto& [line, ends] : lines) {
            if (ends.best == ends.first) {
                ends.first.rate /= 2;
                wanted.push_back(ends.first);
            } else if (ends.best == ends.last) {
                ends.last.rate *= 2;
                wanted.push_back(ends.last);
            }
        }
        return wanted;
    }

    /// The best setting of each of the best lines.
    [[nodiscard]] std::vector<Setting> best_of_lines(std::size_t count) const {
        std::vector<Setting> best;
        for (const Tuned& tuned : ranking()) {
            const bool is_new = std::ranges::none_of(best, [&](const Setting& other) {
                return line_of(other) == line_of(tuned.setting);
            });
            if (is_new && best.size() < count) best.push_back(tuned.setting);
        }
        return best;
    }

    /// Lets sensible settings live on until they have lived `lifetimes`; returns whether any had
    /// to.
    bool live(const std::vector<Setting>& settings, std::size_t lifetimes) {
        std::map<std::size_t, std::vector<Setting>> by_age;
        for (const Setting& setting : settings) {
            if (!is_sensible(setting)) continue;
            const std::size_t age = scores_[setting].lifetimes;
            if (age < lifetimes) by_age[age].push_back(setting);
        }
        for (const auto& [age, group] : by_age) {
            const auto means = judge_(group, age, lifetimes - age);
            for (std::size_t i = 0; i < group.size(); ++i) {
                scores_[group[i]].sum += means[i] * static_cast<double>(lifetimes - age);
                scores_[group[i]].lifetimes = lifetimes;
            }
        }
        return !by_age.empty();
    }

    [[nodiscard]] static double mean(const Score& score) {
        return score.sum / static_cast<double>(score.lifetimes);
    }

    [[nodiscard]] std::vector<Tuned> ranking() const {
        std::vector<Tuned> all;
        all.reserve(scores_.size());
        for (const auto& [setting, score] : scores_) {
            all.push_back({setting, mean(score), score.lifetimes});
        }
        std::ranges::stable_sort(all, [](const Tuned& a, const Tuned& b) {
            return std::pair(a.lifetimes, a.accuracy) > std::pair(b.lifetimes, b.accuracy);
        });
        return all;
    }

    [[nodiscard]] static std::vector<Setting> settings_in(const std::vector<Tuned>& field) {
        std::vector<Setting> settings;
        settings.reserve(field.size());
        for (const Tuned& tuned : field) settings.push_back(tuned.setting);
        return settings;
    }

    SweepPlan plan_;
    Judge judge_;
    std::map<Setting, Score> scores_;
};

/// Accuracy on `judged` of one lifetime.
template <class Net, std::size_t Samples = 64>
double accuracy_of(const Setting& setting, const Subset& train, const Subset& judged, Key key,
                   std::size_t horizon) {
    return with_optimizer<Net>(setting.optimizer, [&]<class Learner>() {
        Lifetime<Learner, Samples> life;
        life.live(settings_of<Learner>(setting), train, key, horizon);
        return life.evaluate(judged).accuracy;
    });
}

/// Mean of `figure(setting, lifetime)` of each setting over the lifetimes `first` to
/// `first + count − 1`, the same on any number of threads.
template <class Figure>
std::vector<double> mean_figures(const std::vector<Setting>& settings, std::size_t first,
                                 std::size_t count, int threads, const Figure& figure) {
    std::vector<double> figures(settings.size() * count);
    parallel_for(figures.size(), threads, [&](std::size_t unit, std::size_t) {
        figures[unit] = figure(settings[unit / count], first + unit % count);
    });
    std::vector<double> means(settings.size());
    for (std::size_t unit = 0; unit < figures.size(); ++unit) {
        means[unit / count] += figures[unit] / static_cast<double>(count);
    }
    return means;
}

/// Mean accuracy on `judged` of each setting over the lifetimes `key / first` to
/// `key / (first + count − 1)`.
template <class Net, std::size_t Samples = 64>
std::vector<double> mean_accuracies(const std::vector<Setting>& settings, const Subset& train,
                                    const Subset& judged, std::size_t horizon, Key key,
                                    std::size_t first, std::size_t count, int threads) {
    return mean_figures(
        settings, first, count, threads, [&](const Setting& setting, std::size_t lifetime) {
            return accuracy_of<Net, Samples>(setting, train, judged, key / lifetime, horizon);
        });
}

/// Backpropagation tuned for a network and a horizon on the validation samples alone: every setting
/// that was tried, the best first. Lifetimes of the sweep are those of `key`.
template <class Net, std::size_t Samples = 64>
std::vector<Tuned> tune(const Subset& train, const Subset& validation, std::size_t horizon, Key key,
                        const SweepPlan& plan, int threads) {
    return Sweep(plan,
                 [&](const std::vector<Setting>& settings, std::size_t first, std::size_t count) {
                     return mean_accuracies<Net, Samples>(settings, train, validation, horizon, key,
                                                          first, count, threads);
                 })
        .run();
}

}  // namespace tdca::baseline
