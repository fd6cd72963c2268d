// What a cell of recurrent neurons says of one step, and how a pack of neurons takes it.
#pragma once

#include <cstddef>

#include "tdca/core/abi.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// What a cell's neuron says of one step, a number for each of its `Gates` weighted sums.
///
/// The synapse from i to sum g of neuron j keeps a trace e ← keep · e + gain · (activity of i); its
/// credit × eligibility at the end of the sequence is credit of j · readout · e.
template <class T, std::size_t Gates>
struct CellTraces {
    T keep[Gates];        ///< of each trace, how much stays: the neuron's own leak
    T gain_in[Gates];     ///< what a synapse from the input adds, times that input
    T gain_state[Gates];  ///< what a recurrent synapse adds, times that neuron's activity before
    T readout[Gates];     ///< how the trace shows in the neuron's output now
};

/// A cell whose neurons sum what they are sent over several steps, β of it staying from one step to
/// the next: traces then take in a synapse's faded activity, x̄ ← β x̄ + x.
template <class Cell>
concept FadingCell = requires { Cell::fading; };

namespace detail {

/// One step of a pack of neurons of a layer, or of what is left of one.
template <class Cell, std::size_t Units, class Scalar>
inline void advance_neurons(const Scalar* from_input, const Scalar* from_state, Scalar* state,
                            Scalar* keep, Scalar* gain_in, Scalar* gain_state, Scalar* readout,
                            std::size_t count) noexcept {
    using Vector = Pack<Scalar>;
    const auto load = [count](const Scalar* from) {
        return count == lanes<Scalar> ? simd::load(from) : simd::load_partial(from, count);
    };
    const auto store = [count](Scalar* to, Vector value) {
        if (count == lanes<Scalar>) {
            simd::store(to, value);
        } else {
            simd::store_partial(to, value, count);
        }
    };
    constexpr std::size_t gates = Cell::gates;
    constexpr std::size_t states = Cell::states;
    Vector sums_in[gates];
    Vector sums_state[gates];
    Vector now[states];
    CellTraces<Vector, gates> traces;
    for (std::size_t g = 0; g < gates; ++g) {
        sums_in[g] = load(from_input + g * Units);
        sums_state[g] = load(from_state + g * Units);
    }
    for (std::size_t k = 0; k < states; ++k) now[k] = load(state + k * Units);
    Cell::step(sums_in, sums_state, now, traces);
    for (std::size_t k = 0; k < states; ++k) store(state + k * Units, now[k]);
    for (std::size_t g = 0; g < gates; ++g) {
        store(keep + g * Units, traces.keep[g]);
        store(gain_in + g * Units, traces.gain_in[g]);
        store(gain_state + g * Units, traces.gain_state[g]);
        store(readout + g * Units, traces.readout[g]);
    }
}

}  // namespace detail

}  // namespace tdca
