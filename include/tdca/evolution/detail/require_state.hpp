// Whether a saved state is one that a run can go on from.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// @throws tdca::Error naming the vector of the state that has another length than a run's of so
///   many genes, or a number that is not finite, or that no run could have come to
template <class Strategy>
void require_state(const Strategy& strategy, std::size_t genes,
                   const typename Strategy::State& state) {
    // What the strategy begins with has the right lengths.
    const auto fresh = strategy.init(std::vector<float>(genes));
    std::vector<std::size_t> lengths;
    fresh.for_each(
        [&](const char*, const std::vector<float>& values) { lengths.push_back(values.size()); });
    std::size_t number = 0;
    state.for_each([&](const char* name, const std::vector<float>& values) {
        const std::string where = std::string("resume, ") + name;
        const std::size_t expected = lengths[number++];
        if (values.size() != expected) {
            throw Error(where, "the saved state has another length", expected, values.size());
        }
        require_finite(where, "number", values);
    });
    if constexpr (requires { Strategy::check(state); }) Strategy::check(state);
}

}  // namespace detail

}  // namespace tdca
