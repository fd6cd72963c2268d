// FunctionOptimization: a lifetime is one search for the minimum of one landscape.
#pragma once

#include <cstddef>
#include <cstdint>
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
        SearchType search;           ///< one lifetime
        std::vector<double> values;  ///< of a batch
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
        const double found = seek(genome, drawn.landscape, drawn.evaluations, id.key / 2, workspace,
                                  {}, drawn.noise);
        return landscape_fitness(found, drawn.landscape);
    }

    /// The lowest value that a search under `genome` finds, or the value without noise of the
    /// point that it ends with; `note` hears every value on the way, as it is without noise.
    ///
    /// @param noise deviation of what each distance to the minimum is multiplied by, 0: none
    template <class Note = Unheard>
    static double seek(const Genome& genome, const Landscape& landscape, std::size_t evaluations,
                       Key key, Workspace& workspace, Note&& note = {}, double noise = 0) {
        const TestFunction& function = landscape.function();
        const std::size_t n = landscape.dimension();
        SearchType& search = workspace.search;
        search.begin(genome, Box::cube(n, function.low, function.high),
                     {.evaluations = evaluations, .is_noisy = noise > 0}, key);
        std::uint64_t evaluated = 0;
        while (!search.done()) {
            const std::span<const double> points = search.ask();
            workspace.values.resize(search.asked());
            for (std::size_t p = 0; p < workspace.values.size(); ++p) {
                double& value = workspace.values[p];
                value = landscape(points.subspan(p * n, n));
                note(value);
                if (noise > 0) {
                    double luck = 0;
                    (key / 1 / evaluated++).fill_normal(std::span<double>(&luck, 1));
                    value += (value - landscape.minimum()) * noise * luck;
                }
            }
            search.tell(workspace.values);
        }
        return noise > 0 ? landscape(search.best_point()) : search.best_value();
    }

private:
    LandscapeRange range_;
};

}  // namespace tdca
