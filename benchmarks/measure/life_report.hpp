// Contests of lives: what each contestant earned, as a table, a report and curves.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "support/plot.hpp"
#include "support/statistics.hpp"
#include "tdca/control/episode.hpp"
#include "tdca/io/json.hpp"

namespace tdca::measure {

using Lives = std::vector<std::vector<Episode>>;

/// The figure of a life; the worst there is where it finished no episode.
inline double score_of(std::span<const Episode> life, const Budget& budget) {
    return life.empty() ? -std::numeric_limits<double>::infinity() : score(life, budget);
}

/// A way of learning and its lives, seed by seed.
struct Contestant {
    std::string name;
    Lives lives;
    Json setting = nullptr;

    [[nodiscard]] std::vector<double> scores(const Budget& budget) const {
        std::vector<double> all;
        all.reserve(lives.size());
        for (const auto& life : lives) all.push_back(score_of(life, budget));
        return all;
    }
    /// Mean return over the last fifth of the episodes.
    [[nodiscard]] std::vector<double> late() const {
        std::vector<double> all;
        all.reserve(lives.size());
        for (const auto& life : lives) all.push_back(mean_return(last_fifth(life)));
        return all;
    }
};

/// Cells of contestants, and verdicts on them.
class LifeReport {
public:
    /// Draws every cell into the folder `pictures`, unless that is empty.
    explicit LifeReport(std::filesystem::path pictures) : pictures_(std::move(pictures)) {}

    /// Prints a cell, keeps it for the report, and draws its curves.
    void record(const std::string& cell, const std::string& title, const Budget& budget,
                const std::vector<Contestant>& contestants) {
        std::printf("%s\n", title.c_str());
        Json rows = Json::array();
        for (const Contestant& contestant : contestants) {
            const support::Summary score = support::summarize(contestant.scores(budget));
            const support::Summary late = support::summarize(contestant.late());
            std::printf("    %-22s %8.1f ± %-6.1f  last fifth %8.1f ± %.1f\n",
                        contestant.name.c_str(), score.mean, score.margin(), late.mean,
                        late.margin());
            rows.push_back({{"name", contestant.name},
                            {"score", support::to_json(score)},
                            {"last_fifth", support::to_json(late)},
                            {"setting", contestant.setting}});
        }
        std::fflush(stdout);
        cells_.push_back({{"cell", cell}, {"title", title}, {"contestants", rows}});
        if (!pictures_.empty()) draw(cell, title, budget, contestants);
    }

    void verdict(bool holds, const std::string& text) {
        std::printf("%s %s\n", holds ? "holds  " : "FAILS  ", text.c_str());
        all_hold_ = all_hold_ && holds;
    }

    [[nodiscard]] const Json& cells() const noexcept { return cells_; }
    [[nodiscard]] bool all_hold() const noexcept { return all_hold_; }

private:
    /// Mean return and its 95 % band against the budget's share that is spent.
    void draw(const std::string& cell, const std::string& title, const Budget& budget,
              const std::vector<Contestant>& contestants) const {
        const bool by_episodes = budget.counts_episodes();
        const std::size_t total = by_episodes ? budget.episodes : budget.steps;
        const std::size_t points = std::min<std::size_t>(total, 40);
        std::vector<support::Curve> curves;
        for (const Contestant& contestant : contestants) {
            support::Curve curve{contestant.name, {}, {}, {}};
            for (std::size_t k = 0; k < points; ++k) {
                const std::size_t at = total * (k + 1) / points;
                std::vector<double> values;
                for (const auto& life : contestant.lives) {
                    std::size_t i = 0;
                    std::size_t done = 0;
                    while (i < life.size() && done + (by_episodes ? 1 : life[i].steps) < at) {
                        done += by_episodes ? 1 : life[i].steps;
                        ++i;
                    }
                    if (!life.empty()) {
                        values.push_back(
                            static_cast<double>(life[std::min(i, life.size() - 1)].total));
                    }
                }
                const support::Summary summary = support::summarize(values);
                curve.x.push_back(static_cast<double>(at));
                curve.mean.push_back(summary.mean);
                curve.deviation.push_back(summary.margin());
            }
            curves.push_back(std::move(curve));
        }
        std::filesystem::create_directories(pictures_);
        if (!support::plot_curves(
                pictures_ / (cell + ".png"), title, by_episodes ? "episode" : "environment steps",
                "return (mean and 95 % band of seeds)", curves, "[*:*]", "set key below")) {
            std::fprintf(stderr, "no picture: gnuplot is not installed\n");
        }
    }

    std::filesystem::path pictures_;
    Json cells_ = Json::array();
    bool all_hold_ = true;
};

}  // namespace tdca::measure
