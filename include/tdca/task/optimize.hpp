// optimize: the minimum of any function over a box, by the genome that comes with the library.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/box.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/random.hpp"
#include "tdca/learner/search.hpp"
#include "tdca/task/optimizer_genome.hpp"

namespace tdca::inline TDCA_ABI {

/// A function to minimise, one point at a time.
template <class F>
concept Objective = requires(F& objective, std::span<const float> point) {
    { objective(point) } -> std::convertible_to<float>;
};

/// A function to minimise, a batch at a time: `points` holds one row for each of `values`.
template <class F>
concept BatchObjective = requires(F& objective, std::span<const float> points,
                                  std::span<float> values) { objective(points, values); };

/// Why an optimisation ended.
enum class Ending {
    budget,    ///< every evaluation was used
    target,    ///< a value at or below the target was found
    patience,  ///< no better value for too long
    collapse,  ///< the search shrank to a point, and may not restart
    stopped,   ///< the watcher said so
    exception  ///< the objective threw
};

/// What a watcher is told after each batch.
struct OptimizeReport {
    std::size_t evaluations = 0;
    float value = 0;                 ///< lowest so far, infinite before there is one
    std::span<const float> point{};  ///< where
};

/// Settings of @ref optimize.
struct OptimizeOptions {
    std::size_t evaluations = 1000;
    float target = -std::numeric_limits<float>::infinity();  ///< ends at a value this low
    std::size_t patience = 0;    ///< evaluations without a better value that end it; 0: any number
    std::vector<float> start{};  ///< where to begin; empty: anywhere in the box
    bool restarts = true;        ///< whether to begin again elsewhere once it has settled
    std::uint64_t seed = 1;      ///< same seed, same result, for any number of threads
    int threads = 1;             ///< points evaluated at a time; the objective must bear it
    std::function<bool(const OptimizeReport&)> watch{};  ///< after each batch; false ends it
};

/// What @ref optimize found.
struct Optimum {
    std::vector<float> point;                              ///< the best one evaluated
    float value = std::numeric_limits<float>::infinity();  ///< infinite: no value was finite
    std::size_t evaluations = 0;
    std::size_t invalid = 0;         ///< values that were NaN or infinite
    std::size_t lives = 0;           ///< starts
    Ending ending = Ending::budget;  ///< why it ended
    std::string message;             ///< how it ended, in a sentence
};

namespace detail {

template <class F>
inline void evaluate(F& objective, std::span<const float> points, std::size_t dimension,
                     int threads, std::span<float> values) {
    if constexpr (BatchObjective<F>) {
        static_cast<void>(threads);
        static_cast<void>(dimension);
        objective(points, values);
    } else {
        parallel_for(values.size(), threads, [&](std::size_t p, std::size_t /*thread*/) {
            values[p] = static_cast<float>(objective(points.subspan(p * dimension, dimension)));
        });
    }
}

[[nodiscard]] inline std::string describe(const Optimum& found, std::size_t granted,
                                          const std::string& thrown) {
    std::string text =
        "ended after " + to_text(found.evaluations) + " of " + to_text(granted) + " evaluations: ";
    switch (found.ending) {
        case Ending::budget:
            text += "the budget is spent";
            break;
        case Ending::target:
            text += "the target is reached";
            break;
        case Ending::patience:
            text += "no better value for too long";
            break;
        case Ending::collapse:
            text += "the search settled";
            break;
        case Ending::stopped:
            text += "stopped by the watcher";
            break;
        case Ending::exception:
            text += "the objective threw: " + thrown;
            break;
    }
    if (found.invalid > 0) {
        text += "; " + to_text(found.invalid) + " values were not finite";
    }
    if (found.value == std::numeric_limits<float>::infinity()) text += "; no value was finite";
    return text;
}

}  // namespace detail

/// Minimises `objective` over `box` from its values alone, under any genome of `SearchType`.
///
/// NaN and infinite values count as worst, and are counted. An exception of the objective ends the
/// run: what was found so far is returned, and the message holds what it said.
///
/// @param objective `float(std::span<const float> point)`, or
///   `void(std::span<const float> points, std::span<float> values)` for a batch
/// @throws tdca::Error where the box, the start or the number of evaluations makes no sense
template <class SearchType, class F>
[[nodiscard]] Optimum optimize(const typename SearchType::Genome& genome, F&& objective,
                               const Box& box, const OptimizeOptions& options = {}) {
    static_assert(Objective<F> || BatchObjective<F>,
                  "an objective takes a point, float(std::span<const float>), or a batch, "
                  "void(std::span<const float> points, std::span<float> values)");
    SearchType search;
    search.begin(
        genome, box,
        {.evaluations = options.evaluations, .start = options.start, .restarts = options.restarts},
        Key(options.seed));
    Optimum found;
    std::vector<float> values;
    std::string thrown;
    std::size_t better_at = 0;
    std::size_t unknown = 0;
    bool going = true;
    const auto end = [&](Ending ending) {
        found.ending = ending;
        going = false;
    };
    while (going && !search.done()) {
        const std::span<const float> points = search.ask();
        values.assign(search.asked(), std::numeric_limits<float>::quiet_NaN());
        try {
            detail::evaluate(objective, points, box.dimension(), options.threads,
                             std::span<float>(values));
        } catch (const std::exception& error) {
            thrown = error.what();
            end(Ending::exception);
        } catch (...) {
            thrown = "something that is no std::exception";
            end(Ending::exception);
        }
        const float before = search.best_value();
        if (!going) {
            // Points that were not evaluated are neither spent nor invalid.
            unknown = static_cast<std::size_t>(
                std::ranges::count_if(values, [](float value) { return std::isnan(value); }));
        }
        search.tell(values);
        if (!going) break;
        if (search.best_value() < before) better_at = search.evaluations();
        if (search.best_value() <= options.target) {
            end(Ending::target);
        } else if (options.patience > 0 && search.evaluations() - better_at >= options.patience) {
            end(Ending::patience);
        }
        if (options.watch &&
            !options.watch({search.evaluations(), search.best_value(), search.best_point()}) &&
            going) {
            end(Ending::stopped);
        }
    }
    if (going && search.evaluations() < options.evaluations) found.ending = Ending::collapse;
    found.point.assign(search.best_point().begin(), search.best_point().end());
    found.value = search.best_value();
    found.evaluations = search.evaluations() - unknown;
    found.invalid = search.invalid() - unknown;
    found.lives = search.lives();
    found.message = detail::describe(found, options.evaluations, thrown);
    return found;
}

/// The genome that comes with the library: examples/genomes/optimizer.safetensors.
[[nodiscard]] inline Search<>::Genome shipped_optimizer() noexcept {
    Search<>::Genome genome;
    genome.read(detail::optimizer_genes);
    return genome;
}

/// The same, under the genome that comes with the library: one for every dimension and budget.
///
///     const Optimum found = optimize([](std::span<const float> x) { return x[0] * x[0]; },
///                                    Box::cube(10, -5, 5), {.evaluations = 800});
template <class F>
[[nodiscard]] Optimum optimize(F&& objective, const Box& box, const OptimizeOptions& options = {}) {
    static const Search<>::Genome genome = shipped_optimizer();
    return optimize<Search<>>(genome, std::forward<F>(objective), box, options);
}

}  // namespace tdca
