// Antithetic Gaussian noise, regenerated from (key, generation, member).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// Fills `out` with the standard normal noise of one member; members 2 i and 2 i + 1 get opposite
/// noise. Nothing is stored: `ask` and `tell`, on any thread or machine, regenerate it.
inline void fill_antithetic(Key key, std::size_t generation, std::size_t member,
                            std::span<float> out) noexcept {
    (key / generation / (member / 2)).fill_normal(out);
    if (member % 2 == 1) {
        for (float& value : out) value = -value;
    }
}

/// @throws tdca::Error where members do not come in antithetic pairs
inline void require_pairs(std::string_view strategy, std::size_t members) {
    if (members >= 2 && members % 2 == 0) return;
    throw Error(strategy, "the population must be even, for antithetic pairs", "2, 4, …",
                to_text(members));
}

}  // namespace tdca
