// Objective: what a search minimises, and how a batch of its points is evaluated.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/parallel.hpp"

namespace tdca::inline TDCA_ABI {

/// What an objective may answer with where points must satisfy something: it is better to violate
/// it less, whatever the value, and best not to violate it.
struct Constrained {
    double value = 0;      ///< lower is better; counts where nothing is violated
    double violation = 0;  ///< by how much, 0: not at all
};

namespace detail {

template <class Answer>
concept ObjectiveAnswer = std::convertible_to<Answer, double> || std::same_as<Answer, Constrained>;

template <class F, class Real>
concept PointObjective = requires(F& objective, std::span<const Real> point) {
    { objective(point) } -> ObjectiveAnswer;
};
template <class F, class Real>
concept BatchObjective = requires(F& objective, std::span<const Real> points,
                                  std::span<Real> values) { objective(points, values); };

template <class F, class Real>
concept ObjectiveIn = PointObjective<F, Real> || BatchObjective<F, Real>;

}  // namespace detail

/// A function to minimise: of a point, a span of `double` or `float`, returning a number or
/// `Constrained`; or of a batch, `points` with one row for each of `values`. One that takes spans
/// of `float` alone is searched at points that single precision has; of a fixed coordinate it sees
/// the nearest number.
template <class F>
concept Objective = detail::ObjectiveIn<F, double> || detail::ObjectiveIn<F, float>;

namespace detail {

/// Values of points, and which of them are known: all, unless the objective throws.
struct Evaluated {
    std::vector<double> values;
    std::vector<double> violations;      // empty where nothing is to be satisfied
    std::vector<std::uint8_t> is_known;  // not bits: threads write to neighbours
    std::vector<float> single_points;    // for who takes no others
    std::vector<float> single_values;

    void resize(std::size_t points) {
        values.resize(points);
        is_known.assign(points, 0);
    }
};

/// The points as numbers of that type.
template <class Real>
[[nodiscard]] std::span<const Real> points_as(std::span<const double> points, Evaluated& out) {
    if constexpr (std::same_as<Real, double>) {
        return points;
    } else {
        out.single_points.resize(points.size());
        std::ranges::transform(points, out.single_points.begin(),
                               [](double x) { return static_cast<float>(x); });
        return out.single_points;
    }
}

/// Evaluates points, each on a thread of its own where they are evaluated one at a time.
template <class F>
void evaluate(F& objective, std::span<const double> given, std::size_t dimension, int threads,
              Evaluated& out) {
    using Real = std::conditional_t<ObjectiveIn<F, double>, double, float>;
    const std::span<const Real> points = points_as<Real>(given, out);
    if constexpr (PointObjective<F, Real>) {
        using Answer = decltype(objective(points));
        if constexpr (std::same_as<Answer, Constrained>) out.violations.resize(out.values.size());
        parallel_for(out.values.size(), threads, [&](std::size_t p, std::size_t /*thread*/) {
            const auto answer = objective(points.subspan(p * dimension, dimension));
            if constexpr (std::same_as<Answer, Constrained>) {
                out.values[p] = answer.value;
                out.violations[p] = answer.violation;
            } else {
                out.values[p] = static_cast<double>(answer);
            }
            out.is_known[p] = 1;
        });
    } else if constexpr (std::same_as<Real, double>) {
        objective(points, std::span<double>(out.values));
        std::ranges::fill(out.is_known, 1);
    } else {
        out.single_values.resize(out.values.size());
        objective(points, std::span<float>(out.single_values));
        std::ranges::copy(out.single_values, out.values.begin());
        std::ranges::fill(out.is_known, 1);
    }
}

}  // namespace detail

}  // namespace tdca
