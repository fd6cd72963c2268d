// The tuned sweep: backpropagation at its best, for one network and one horizon.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "baseline/backprop.hpp"
#include "baseline/optimizers.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/learner/lifetime.hpp"

namespace tdca::baseline {

/// One cell of the grid.
struct Setting {
    std::string optimizer;
    float rate = 0;
    bool cosine = false;
    float output_gain = 1;  ///< scale of the output layer at birth; 0 is a zero start

    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 sees a null pointer in the default.
    friend auto operator<=>(const Setting&, const Setting&) = default;
};

/// A cell and what it reached on the validation samples, mean over the tuning seeds.
struct Tuned {
    Setting setting;
    double accuracy = 0;
};

/// Calls `visit.template operator()<Learner>()` with the learner of the named optimiser.
template <class Net, class Visitor>
decltype(auto) with_optimizer(const std::string& name, Visitor&& visit) {
    if (name == Sgd::name) {
        return visit.template operator()<BackpropLearner<Net, Sgd, TextbookSchedule>>();
    }
    if (name == Momentum::name) {
        return visit.template operator()<BackpropLearner<Net, Momentum, TextbookSchedule>>();
    }
    if (name == Adam::name) {
        return visit.template operator()<BackpropLearner<Net, Adam, TextbookSchedule>>();
    }
    throw Error("baseline", "no such optimizer", "sgd, momentum or adam", name);
}

/// The genome-shaped settings of a textbook learner.
template <class Learner>
typename Learner::Genome settings_of(const Setting& setting) {
    typename Learner::Genome genome;
    Learner::initialize(genome, Key(0));
    auto& schedule = genome.template get<"schedule">();
    schedule.template get<"rate">()[0] = setting.rate;
    schedule.template get<"cosine">()[0] = setting.cosine ? 1.0F : 0.0F;
    genome.template get<"birth">().template get<"output_gain">()[0] = setting.output_gain;
    return genome;
}

/// Accuracy on `judged` of one backprop lifetime.
template <class Net, std::size_t Samples = 64>
double accuracy_of(const Setting& setting, const Subset& train, const Subset& judged, Key key,
                   std::size_t horizon) {
    return with_optimizer<Net>(setting.optimizer, [&]<class Learner>() {
        Lifetime<Learner, Samples> life;
        life.live(settings_of<Learner>(setting), train, key, horizon);
        return life.evaluate(judged).accuracy;
    });
}

/// Mean accuracy of each setting over the lifetimes `key / first_seed … key / (first_seed + seeds −
/// 1)`.
template <class Net, std::size_t Samples = 64>
std::vector<double> mean_accuracies(const std::vector<Setting>& settings, const Subset& train,
                                    const Subset& validation, std::size_t horizon, Key key,
                                    std::size_t first_seed, std::size_t seeds, int threads) {
    std::vector<double> accuracy(settings.size() * seeds);
    parallel_for(accuracy.size(), threads, [&](std::size_t unit, std::size_t) {
        accuracy[unit] = accuracy_of<Net, Samples>(settings[unit / seeds], train, validation,
                                                   key / (first_seed + unit % seeds), horizon);
    });
    std::vector<double> means(settings.size());
    for (std::size_t unit = 0; unit < accuracy.size(); ++unit) {
        means[unit / seeds] += accuracy[unit] / static_cast<double>(seeds);
    }
    return means;
}

/// The rates that a grid still lacks: wherever the best rate of a line (one optimiser, schedule and
/// birth) stands at its end, the next one beyond it.
inline std::vector<Setting> beyond_the_edges(const std::map<Setting, double>& cells) {
    std::map<std::tuple<std::string, bool, float>, std::vector<std::pair<float, double>>> lines;
    for (const auto& [s, value] : cells) {
        lines[{s.optimizer, s.cosine, s.output_gain}].emplace_back(s.rate, value);
    }
    std::vector<Setting> wanted;
    for (auto& [line, points] : lines) {
        std::sort(points.begin(), points.end());
        const auto best =
            std::max_element(points.begin(), points.end(),
                             [](const auto& a, const auto& b) { return a.second < b.second; });
        const auto& [optimizer, cosine, gain] = line;
        if (best == points.begin()) {
            wanted.push_back({optimizer, points.front().first / 2, cosine, gain});
        } else if (best == points.end() - 1) {
            wanted.push_back({optimizer, points.back().first * 2, cosine, gain});
        }
    }
    return wanted;
}

/// Tries SGD, momentum and Adam, constant and cosine rates, output layers born small and at zero,
/// over rates a factor 2 apart. Where the best rate of a line of the grid stands at its end, the
/// line grows until it does not. The best eight cells then live four times as many lifetimes again,
/// so that the winner is the best and not the luckiest. Returns every cell, best first.
///
/// @param seeds lifetimes per cell in the first pass
template <class Net, std::size_t Samples = 64>
std::vector<Tuned> tune(const Subset& train, const Subset& validation, std::size_t horizon, Key key,
                        std::size_t seeds, int threads) {
    std::vector<Setting> wanted;
    const std::map<std::string, std::pair<float, float>> first_rates{
        {Sgd::name, {0.04F, 0.32F}},
        {Momentum::name, {0.008F, 0.064F}},
        {Adam::name, {0.002F, 0.016F}}};
    for (const auto& [optimizer, range] : first_rates) {
        for (const bool cosine : {false, true}) {
            for (const float gain : {0.0F, 1.0F}) {
                for (float rate = range.first; rate <= 1.01F * range.second; rate *= 2) {
                    wanted.push_back({optimizer, rate, cosine, gain});
                }
            }
        }
    }
    std::map<Setting, double> cells;
    while (!wanted.empty()) {
        const auto means = mean_accuracies<Net, Samples>(wanted, train, validation, horizon, key, 0,
                                                         seeds, threads);
        for (std::size_t cell = 0; cell < wanted.size(); ++cell) cells[wanted[cell]] = means[cell];
        wanted = beyond_the_edges(cells);
    }
    std::vector<Tuned> result;
    result.reserve(cells.size());
    for (const auto& [setting, value] : cells) result.push_back({setting, value});
    const auto better = [](const Tuned& a, const Tuned& b) { return a.accuracy > b.accuracy; };
    std::stable_sort(result.begin(), result.end(), better);

    std::vector<Setting> finalists;
    finalists.reserve(8);
    for (std::size_t i = 0; i < std::min<std::size_t>(result.size(), 8); ++i) {
        finalists.push_back(result[i].setting);
    }
    const auto again = mean_accuracies<Net, Samples>(finalists, train, validation, horizon, key,
                                                     seeds, 4 * seeds, threads);
    for (std::size_t i = 0; i < finalists.size(); ++i) {
        result[i].accuracy = (result[i].accuracy + 4 * again[i]) / 5;
    }
    std::stable_sort(result.begin(), result.begin() + static_cast<std::ptrdiff_t>(finalists.size()),
                     better);
    return result;
}

}  // namespace tdca::baseline
