// FunctionOptimization: a lifetime is one search for the minimum of one landscape.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "tdca/concepts/task.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"
#include "tdca/optimization/box.hpp"
#include "tdca/optimization/landscape.hpp"
#include "tdca/optimization/landscape_range.hpp"
#include "tdca/optimization/search.hpp"

namespace tdca::inline TDCA_ABI {

/// Draws a landscape, a dimension, a budget and a start, and lets a search find its minimum.
///
/// Fitness is @ref landscape_fitness of the lowest value found.
///
/// @tparam SearchType `Search<…>`
template <class SearchType = Search<>>
class FunctionOptimization {
public:
    using Genome = typename SearchType::Genome;

    struct Workspace {
        SearchType search;          ///< one lifetime
        std::vector<float> values;  ///< of a batch
    };

    /// @throws tdca::Error where the range is empty or not ascending
    explicit FunctionOptimization(LandscapeRange range) : range_(std::move(range)) {
        range_.check();
    }

    static void initialize(Genome& genome, Key key) noexcept {
        SearchType::initialize(genome, key);
    }

    [[nodiscard]] std::size_t lifetimes() const noexcept { return range_.lifetimes; }
    [[nodiscard]] Workspace workspace() const { return {}; }
    /// What lifetimes are drawn from.
    [[nodiscard]] const LandscapeRange& range() const noexcept { return range_; }

    [[nodiscard]] double lifetime(const LifetimeId& id, const Genome& genome,
                                  Workspace& workspace) const {
        const DrawnLandscape drawn = range_.draw(id);
        const double found =
            seek(genome, drawn.landscape, drawn.evaluations, id.key / 2, workspace);
        return landscape_fitness(found, drawn.landscape);
    }

    /// The lowest value that a search under `genome` finds; `note` hears every value on the way.
    template <class Note = Unheard>
    static double seek(const Genome& genome, const Landscape& landscape, std::size_t evaluations,
                       Key key, Workspace& workspace, Note&& note = {}) {
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
                note(workspace.values[p]);
            }
            search.tell(workspace.values);
        }
        return static_cast<double>(search.best_value());
    }

private:
    LandscapeRange range_;
};

}  // namespace tdca
