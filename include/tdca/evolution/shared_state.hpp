// What the first rank has read, in all ranks.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "tdca/concepts/ranks.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"

namespace tdca::inline TDCA_ABI {

/// Gives every rank the state that the first one holds, bit for bit, or none: only that rank has to
/// see the checkpoint. Called once, before the first generation.
///
/// @param genes length of the genome
/// @param state a state of an evolution strategy, whose numbers are finite; what other ranks pass
///   is forgotten
/// @throws tdca::Error, on every rank, where a vector of the first one's state has another length
template <class State, Ranks RanksType>
void share_first(const RanksType& ranks, std::size_t genes, std::optional<State>& state) {
    if (ranks.rank() != 0) state.reset();
    if (!ranks.any(state.has_value())) return;
    bool fits = true;
    if (ranks.rank() == 0) {
        state->for_each([&](const char*, const std::vector<float>& values) {
            fits = fits && values.size() == genes;
        });
    }
    if (ranks.any(!fits)) {
        throw Error("share_first",
                    "the state is not that of a genome of " + to_text(genes) + " genes");
    }
    if (ranks.rank() != 0) {
        state.emplace();
        state->for_each([&](const char*, std::vector<float>& values) { values.assign(genes, 0); });
    }
    // A double holds every float, and every generation that will ever be.
    std::vector<double> numbers{static_cast<double>(state->generation)};
    state->for_each([&](const char*, const std::vector<float>& values) {
        numbers.insert(numbers.end(), values.begin(), values.end());
    });
    ranks.combine(numbers);
    state->generation = static_cast<std::size_t>(numbers.front());
    const double* next = &numbers[1];
    state->for_each([&](const char*, std::vector<float>& values) {
        for (float& value : values) value = static_cast<float>(*next++);
    });
}

}  // namespace tdca
