// optimize: the minimum of any function over a box, by the genome that comes with the library.
#pragma once

#include <algorithm>
#include <cmath>
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
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/optimization/box.hpp"
#include "tdca/optimization/judged.hpp"
#include "tdca/optimization/objective.hpp"
#include "tdca/optimization/optimizer_genome.hpp"
#include "tdca/optimization/search.hpp"

namespace tdca::inline TDCA_ABI {

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
    double value = 0;                 ///< lowest so far, infinite before there is one
    std::span<const double> point{};  ///< where
};

/// Settings of @ref optimize.
struct OptimizeOptions {
    std::size_t evaluations = 1000;
    double target = -std::numeric_limits<double>::infinity();  ///< ends at a value this low
    std::size_t patience = 0;     ///< evaluations without a better value that end it; 0: any number
    std::vector<double> start{};  ///< evaluated first, and begun at; empty: anywhere in the box
    /// The value at the start, where it is known: it is not evaluated again.
    double start_value = std::numeric_limits<double>::quiet_NaN();
    bool restarts = true;    ///< whether to begin again elsewhere once it has settled
    bool is_noisy = false;   ///< whether one point can have several values; see @ref SearchPlan
    std::uint64_t seed = 1;  ///< same seed, same result, for any number of threads
    int threads = 1;         ///< points evaluated at a time; the objective must bear it
    std::function<bool(const OptimizeReport&)> watch{};  ///< after each batch; false ends it
};

/// What @ref optimize found.
struct Optimum {
    /// The best one evaluated; the first one where no value was finite; the start or the middle of
    /// the box where none was evaluated. Of a noisy objective the centre of the search.
    std::vector<double> point;
    /// Infinite: no value was finite. Of a noisy objective the mean of the last evaluations.
    double value = std::numeric_limits<double>::infinity();
    double violation = 0;  ///< of what the point must satisfy; infinite: no violation was finite
    std::size_t evaluations = 0;
    std::size_t invalid = 0;             ///< values that were NaN or infinite
    std::size_t invalid_violations = 0;  ///< violations that were
    std::size_t lives = 0;               ///< starts
    Ending ending = Ending::budget;      ///< why it ended
    std::string message;                 ///< how it ended, in a sentence
};

namespace detail {

/// Whether a violation is NaN or infinite.
[[nodiscard]] inline bool is_invalid(double violation) noexcept {
    return !std::isfinite(Judged(0, violation).violation);
}

/// Counts in what is known of a batch that the objective did not finish.
inline void count_in(std::span<const double> points, const Evaluated& batch, Optimum& found) {
    const std::size_t dimension = found.point.size();
    Judged best(found.value, found.violation);
    for (std::size_t p = 0; p < batch.values.size(); ++p) {
        if (batch.is_known[p] == 0) continue;
        const std::span<const double> point = points.subspan(p * dimension, dimension);
        const Judged one(batch.values[p], batch.violations.empty() ? 0.0 : batch.violations[p]);
        if (one.is_before(best) || (found.evaluations == 0 && !best.tells())) {
            found.point.assign(point.begin(), point.end());
        }
        if (one.is_before(best)) {
            best = one;
            found.value = one.value;
            found.violation = one.violation;
        }
        ++found.evaluations;
        found.invalid += std::isfinite(batch.values[p]) ? 0U : 1U;
        if (!batch.violations.empty() && is_invalid(batch.violations[p])) {
            ++found.invalid_violations;
        }
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
    if (found.evaluations > 0 && found.invalid == found.evaluations) {
        text += "; no value was finite";
    }
    if (found.invalid_violations > 0) {
        text += "; " + to_text(found.invalid_violations) + " violations were not finite";
    }
    if (found.evaluations > 0 && found.invalid_violations == found.evaluations) {
        text += "; no violation was finite";
    }
    return text;
}

}  // namespace detail

/// Minimises `objective` over `box` from the order of its values alone, under any genome of
/// `SearchType`.
///
/// NaN and infinite values count as worst, and are counted. An exception of the objective ends the
/// run: what was found so far is returned, and the message holds what it said. A batch whose
/// objective throws counts for nothing, since nobody knows which of its values are there.
///
/// @param objective what `Objective` allows
/// @throws tdca::Error where the box, the start, the number of evaluations or of threads, or the
///   target makes no sense
template <class SearchType, class F>
[[nodiscard]] Optimum optimize(const typename SearchType::Genome& genome, F&& objective,
                               const Box& box, const OptimizeOptions& options = {}) {
    static_assert(Objective<F>,
                  "an objective takes a point, double(std::span<const double>), or a batch, "
                  "void(std::span<const double> points, std::span<double> values), or the same "
                  "with float");
    if (std::isnan(options.target)) {
        throw Error("optimize", "the target is no number", "any number", to_text(options.target));
    }
    if (options.threads < 1) {
        throw Error("optimize", "no thread to run on", "at least 1", to_text(options.threads));
    }
    SearchType search;
    search.begin(genome, box,
                 {.evaluations = options.evaluations,
                  .start = options.start,
                  .restarts = options.restarts,
                  .is_noisy = options.is_noisy,
                  .is_single = !detail::ObjectiveIn<F, double>,
                  .start_value = options.start_value},
                 Key(options.seed));
    Optimum found;
    detail::Evaluated batch;
    std::string thrown;
    std::size_t better_at = 0;
    bool going = true;
    const auto end = [&](Ending ending) {
        found.ending = ending;
        going = false;
    };
    std::span<const double> points;
    while (going && !search.done()) {
        points = search.ask();
        batch.resize(search.asked());
        try {
            detail::evaluate(objective, points, box.dimension(), options.threads, batch);
        } catch (const std::exception& error) {
            thrown = error.what();
            end(Ending::exception);
        } catch (...) {
            thrown = "something that is no std::exception";
            end(Ending::exception);
        }
        if (!going) break;
        const Judged before = search.best();
        search.tell(batch.values, batch.violations);
        if (search.best().is_before(before)) better_at = search.evaluations();
        found.invalid_violations +=
            static_cast<std::size_t>(std::ranges::count_if(batch.violations, &detail::is_invalid));
        const Judged best = search.best();
        if (best.tells() && best.violation == 0 && best.value <= options.target) {
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
    found.violation = search.best().violation;
    found.evaluations = search.evaluations();
    found.invalid = search.invalid();
    found.lives = search.lives();
    if (found.ending == Ending::exception) detail::count_in(points, batch, found);
    if (found.evaluations > 0 && found.invalid_violations == found.evaluations &&
        !Judged(found.value, found.violation).tells()) {
        found.violation = std::numeric_limits<double>::infinity();
    }
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
///     const Optimum found = optimize([](std::span<const double> x) { return x[0] * x[0]; },
///                                    Box::cube(10, -5, 5), {.evaluations = 800});
template <class F>
[[nodiscard]] Optimum optimize(F&& objective, const Box& box, const OptimizeOptions& options = {}) {
    static const Search<>::Genome genome = shipped_optimizer();
    return optimize<Search<>>(genome, std::forward<F>(objective), box, options);
}

}  // namespace tdca
