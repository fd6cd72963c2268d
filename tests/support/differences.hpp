// Derivatives by differences, for tests of what a layer tells its synapses.
#pragma once

#include <catch2/catch.hpp>
#include <cstddef>
#include <span>

namespace tdca::testing {

/// Checks that `delta` is the derivative of `value()` with respect to `parameters`, one in `stride`
/// from number `first` on. They are as they were afterwards.
template <class Value>
void check_derivative(std::span<double> parameters, std::span<const double> delta, Value&& value,
                      std::size_t first = 0, std::size_t stride = 1) {
    constexpr double step = 1e-5;
    for (std::size_t i = first; i < parameters.size(); i += stride) {
        const double saved = parameters[i];
        parameters[i] = saved + step;
        const double up = value();
        parameters[i] = saved - step;
        const double down = value();
        parameters[i] = saved;
        CHECK(delta[i] == Approx((up - down) / (2 * step)).margin(1e-8));
    }
}

}  // namespace tdca::testing
