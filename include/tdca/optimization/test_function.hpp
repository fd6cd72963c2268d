// TestFunction: the functions of test_functions/ as data, and by name.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/text.hpp"
#include "tdca/optimization/test_functions/clusters.hpp"
#include "tdca/optimization/test_functions/multimodal.hpp"
#include "tdca/optimization/test_functions/plane.hpp"
#include "tdca/optimization/test_functions/rugged.hpp"
#include "tdca/optimization/test_functions/unimodal.hpp"

namespace tdca::inline TDCA_ABI {

/// Every test function, those of any dimension first.
using TestFunctions =
    decltype(std::tuple_cat(UnimodalFunctions{}, MultimodalFunctions{}, RuggedFunctions{},
                            PlaneFunctions{}, ClusterFunctions{}));

/// A test function as data: see test_functions/contract.hpp for what the members mean.
struct TestFunction {
    std::string_view name;  ///< as programs and results call it
    double low;             ///< the domain's lower end, the same for every coordinate
    double high;            ///< the domain's upper end
    bool multimodal;        ///< whether there is more than one minimum
    std::size_t dimension;  ///< the only one that the function has, or 0: any
    double penalty;         ///< per squared widths outside the domain, 0: none
    float (*value)(std::span<const float>);            ///< f(x)
    double (*precise_value)(std::span<const double>);  ///< the same in double precision
    double (*optimum)(std::size_t, std::size_t);  ///< coordinate i of a minimiser in n dimensions
    double (*minimum)(std::size_t);               ///< the least value in n dimensions
    std::size_t least_dimension = 1;              ///< with fewer the function does not exist

    /// Whether there is a function in `n` dimensions.
    [[nodiscard]] constexpr bool exists_in(std::size_t n) const noexcept {
        return dimension != 0 ? n == dimension : n >= least_dimension;
    }
    /// @throws tdca::Error where there is none
    void require_dimension(std::size_t n) const {
        if (exists_in(n)) return;
        throw Error(name, "the function does not exist in this dimension",
                    (dimension != 0 ? "" : "at least ") + to_text(least_dimension), to_text(n));
    }
};

/// `F` of test_functions/ as data.
template <class F>
[[nodiscard]] constexpr TestFunction describe() noexcept {
    TestFunction function{F::name,
                          F::low,
                          F::high,
                          F::multimodal,
                          0,
                          0,
                          &F::template value<float>,
                          &F::template value<double>,
                          &F::optimum,
                          &F::minimum};
    if constexpr (requires { F::dimension; }) {
        function.dimension = function.least_dimension = F::dimension;
    }
    if constexpr (requires { F::least_dimension; }) function.least_dimension = F::least_dimension;
    if constexpr (requires { F::penalty; }) function.penalty = F::penalty;
    return function;
}

/// All test functions, those of any dimension first.
[[nodiscard]] inline std::span<const TestFunction> test_functions() noexcept {
    static constexpr auto all = []<class... F>(std::tuple<F...>) {
        return std::array{describe<F>()...};
    }(TestFunctions{});
    return all;
}

/// The test function of that name.
///
/// @throws tdca::Error listing the names that there are
[[nodiscard]] inline const TestFunction& find_test_function(std::string_view name) {
    std::string names;
    for (const TestFunction& function : test_functions()) {
        if (function.name == name) return function;
        append_part(names, ", ", function.name);
    }
    throw Error("test function", "there is none of that name", names, name);
}

}  // namespace tdca
