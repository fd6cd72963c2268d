// FunctionOptimization: a lifetime is one search for the minimum of one landscape.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tdca/concepts/task.hpp"
#include "tdca/core/box.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/learner/search.hpp"
#include "tdca/task/landscape.hpp"
#include "tdca/task/test_function.hpp"

namespace tdca {

/// The lifetimes that a genome is evolved on.
struct LandscapeRange {
    std::vector<const TestFunction*> functions;  ///< lifetime i is about functions[i mod size]
    std::size_t lifetimes = 24;                  ///< in one generation
    double fewest_dimensions = 2;                ///< log-uniform between these
    double most_dimensions = 40;
    double fewest_evaluations = 200;  ///< log-uniform between these
    double most_evaluations = 2000;
    bool shift = true;
    double rotated = 0.75;        ///< share of lifetimes whose landscape is turned
    double stretched = 0.3;       ///< share whose landscape is also flattened,
    double most_condition = 100;  ///< by a condition up to this, log-uniform
};

/// Draws a landscape, a dimension, a budget and a start, and lets a search find its minimum.
///
/// Fitness is −log₁₀(lowest value found − minimum), the difference taken as 10⁻⁷ where it is
/// smaller: single precision ends there.
///
/// @tparam SearchType `Search<…>`
template <class SearchType = Search<>>
class FunctionOptimization {
public:
    using Genome = typename SearchType::Genome;
    static constexpr std::size_t genes = Genome::count;
    static constexpr double floor = 1e-7;

    struct Workspace {
        SearchType search;
        std::vector<float> values;
    };

    /// @throws tdca::Error where the range is empty or not ascending
    explicit FunctionOptimization(LandscapeRange range) : range_(std::move(range)) {
        if (range_.functions.empty()) throw Error("FunctionOptimization", "no function given");
        if (range_.lifetimes == 0) throw Error("FunctionOptimization", "no lifetime given");
        check("dimensions", range_.fewest_dimensions, range_.most_dimensions);
        check("evaluations", range_.fewest_evaluations, range_.most_evaluations);
    }

    static void initial_genome(Key key, std::span<float, genes> out) noexcept {
        Genome genome;
        SearchType::initialize(genome, key);
        genome.write(out);
    }

    [[nodiscard]] std::size_t lifetimes() const noexcept { return range_.lifetimes; }
    [[nodiscard]] Workspace workspace() const { return {}; }
    [[nodiscard]] const LandscapeRange& range() const noexcept { return range_; }

    [[nodiscard]] double lifetime(const LifetimeId& id, std::span<const float, genes> genome,
                                  Workspace& workspace) const {
        Genome member;
        member.read(genome);
        const Key draw = id.key / 0;
        const TestFunction& function = *range_.functions[id.index % range_.functions.size()];
        const std::size_t dimension =
            function.dimension != 0
                ? function.dimension
                : drawn(range_.fewest_dimensions, range_.most_dimensions, draw.uniform(0));
        const std::size_t evaluations =
            drawn(range_.fewest_evaluations, range_.most_evaluations, draw.uniform(1));
        Disguise disguise;
        disguise.shift = range_.shift;
        disguise.rotate = draw.uniform(2) < range_.rotated;
        if (draw.uniform(3) < range_.stretched) {
            disguise.condition = std::pow(range_.most_condition, draw.uniform(4));
        }
        const Landscape landscape(function, dimension, disguise, id.key / 1);
        const double found = seek(member, landscape, evaluations, id.key / 2, workspace);
        return -std::log10(std::max(found - landscape.minimum(), floor));
    }

    /// The lowest value that a search under `genome` finds.
    static double seek(const Genome& genome, const Landscape& landscape, std::size_t evaluations,
                       Key key, Workspace& workspace) {
        const TestFunction& function = landscape.function();
        const std::size_t n = landscape.dimension();
        SearchType& search = workspace.search;
        search.begin(
            genome,
            Box::cube(n, static_cast<float>(function.low), static_cast<float>(function.high)),
            {.evaluations = evaluations, .start = {}, .restarts = true}, key);
        while (!search.done()) {
            const std::span<const float> points = search.ask();
            workspace.values.resize(search.asked());
            for (std::size_t p = 0; p < workspace.values.size(); ++p) {
                workspace.values[p] = landscape(points.subspan(p * n, n));
            }
            search.tell(workspace.values);
        }
        return search.best_value();
    }

private:
    static void check(const std::string& what, double fewest, double most) {
        if (!(fewest >= 1) || !(most >= fewest)) {
            throw Error("FunctionOptimization, " + what, "the range must ascend from 1 or more",
                        "1 <= fewest <= most",
                        std::to_string(fewest) + ", " + std::to_string(most));
        }
    }
    static std::size_t drawn(double fewest, double most, double where) noexcept {
        return static_cast<std::size_t>(std::llround(fewest * std::pow(most / fewest, where)));
    }

    LandscapeRange range_;
};

}  // namespace tdca
