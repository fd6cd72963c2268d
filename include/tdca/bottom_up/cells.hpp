// Recurrent cells: what a neuron of Rnn, Gru and Lstm does in a step.
#pragma once

#include <cstddef>

#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/recurrent.hpp"
#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// h ← (1 − α) h + α tanh(a), with the leak α = 1 / `Memory` steps: 1 is Elman's plain network.
template <std::size_t Memory = 1>
struct RnnCell {
    static_assert(Memory > 0, "a neuron remembers for at least one step");
    static constexpr std::size_t gates = 1;   ///< weighted sums of a neuron
    static constexpr std::size_t states = 1;  ///< h
    /// What a sum's bias is born as.
    static constexpr double bias(std::size_t /*gate*/) noexcept { return 0; }

    /// One step of a neuron, or of a pack of them.
    ///
    /// @param in, recurrent the weighted sums
    /// @param state before and after the step; the first is the neuron's output
    template <class T>
    static void step(const T (&in)[gates], const T (&recurrent)[gates], T (&state)[states],
                     CellTraces<T, gates>& traces) noexcept {
        const T rate = simd::constant<T>(1.0F / static_cast<float>(Memory));
        const T active = Tanh::apply(in[0] + recurrent[0]);
        state[0] = (T(1) - rate) * state[0] + rate * active;
        traces.keep[0] = T(1) - rate;
        traces.gain_in[0] = traces.gain_state[0] = rate * Tanh::slope(active);
        traces.readout[0] = T(1);
    }
};

/// A gated recurrent unit (Cho et al., arXiv:1406.1078), in PyTorch's form:
///   r = σ(a_r + b_r),  z = σ(a_z + b_z),  n = tanh(a_n + r b_n),  h ← (1 − z) n + z h,
/// with a and b the sums over inputs and over neurons. A trace stays as h does, by z.
struct GruCell {
    static constexpr std::size_t gates = 3;         ///< r, z, n
    static constexpr std::size_t states = 1;        ///< h
    static constexpr std::size_t keeping_gate = 1;  ///< z: a neuron keeps its state where it is 1
    /// What a sum's bias is born as.
    static constexpr double bias(std::size_t /*gate*/) noexcept { return 0; }

    /// One step of a neuron, or of a pack of them.
    template <class T>
    static void step(const T (&in)[gates], const T (&recurrent)[gates], T (&state)[states],
                     CellTraces<T, gates>& traces) noexcept {
        const T r = Sigmoid::apply(in[0] + recurrent[0]);
        const T z = Sigmoid::apply(in[1] + recurrent[1]);
        const T n = Tanh::apply(simd::fma(r, recurrent[2], in[2]));
        const T candidate = (T(1) - z) * Tanh::slope(n);
        traces.gain_in[0] = candidate * recurrent[2] * Sigmoid::slope(r);
        traces.gain_in[1] = (state[0] - n) * Sigmoid::slope(z);
        traces.gain_in[2] = candidate;
        traces.gain_state[0] = traces.gain_in[0];
        traces.gain_state[1] = traces.gain_in[1];
        traces.gain_state[2] = candidate * r;
        for (std::size_t g = 0; g < gates; ++g) {
            traces.keep[g] = z;
            traces.readout[g] = T(1);
        }
        state[0] = simd::fma(z, state[0] - n, n);
    }
};

/// A long short-term memory (Hochreiter & Schmidhuber, 1997; forget gates: Gers et al., 2000):
///   i, f, o = σ(…),  g = tanh(…),  c ← f c + i g,  h = o tanh c.
/// Traces of i, f and g stay as c does, by f; the output gate's synapses act at once.
struct LstmCell {
    static constexpr std::size_t gates = 4;         ///< i, f, g, o
    static constexpr std::size_t states = 2;        ///< h, c
    static constexpr std::size_t keeping_gate = 1;  ///< f: a neuron keeps its state where it is 1
    /// What a sum's bias is born as: it remembers at birth (Jozefowicz et al., ICML 2015).
    static constexpr double bias(std::size_t gate) noexcept { return gate == 1 ? 1 : 0; }

    /// One step of a neuron, or of a pack of them.
    template <class T>
    static void step(const T (&in)[gates], const T (&recurrent)[gates], T (&state)[states],
                     CellTraces<T, gates>& traces) noexcept {
        const T i = Sigmoid::apply(in[0] + recurrent[0]);
        const T f = Sigmoid::apply(in[1] + recurrent[1]);
        const T g = Tanh::apply(in[2] + recurrent[2]);
        const T o = Sigmoid::apply(in[3] + recurrent[3]);
        traces.gain_in[0] = g * Sigmoid::slope(i);
        traces.gain_in[1] = state[1] * Sigmoid::slope(f);
        traces.gain_in[2] = i * Tanh::slope(g);
        traces.gain_in[3] = Sigmoid::slope(o);
        state[1] = simd::fma(f, state[1], i * g);
        const T shown = Tanh::apply(state[1]);
        state[0] = o * shown;
        for (std::size_t gate = 0; gate < gates; ++gate) {
            const bool is_output = gate == 3;
            traces.gain_state[gate] = traces.gain_in[gate];
            traces.keep[gate] = is_output ? T(0) : f;
            traces.readout[gate] = is_output ? shown : o * Tanh::slope(shown);
        }
    }
};

/// A leaky integrate-and-fire neuron:
///   v ← β v + a − s,   s = 1 where v > 1, else 0,   r ← κ r + (1 − κ) s.
/// A spike s takes 1 off the potential v in the step after. The output, and what recurrent synapses
/// carry, is the rate r of late spikes. A spike has no slope; in its place stands a local surrogate
/// (Bellec et al., doi:10.1038/s41467-020-17236-y): 0.3 max(0, 1 − |v − 1|).
///
/// @tparam Memory steps over which potentials leak, β = 1 − 1 / Memory
/// @tparam Window steps over which spikes are counted, κ = 1 − 1 / Window
template <std::size_t Memory = 8, std::size_t Window = 16>
struct LifCell {
    static_assert(Memory > 0 && Window > 0, "a neuron remembers for at least one step");
    static constexpr std::size_t gates = 1;   ///< weighted sums of a neuron
    static constexpr std::size_t states = 3;  ///< r, v, s
    /// β, which stays of a potential from one step to the next.
    static constexpr double fading = 1 - 1.0 / static_cast<double>(Memory);
    /// What a sum's bias is born as.
    static constexpr double bias(std::size_t /*gate*/) noexcept { return 0; }

    /// One step of a neuron, or of a pack of them.
    template <class T>
    static void step(const T (&in)[gates], const T (&recurrent)[gates], T (&state)[states],
                     CellTraces<T, gates>& traces) noexcept {
        auto& [rate, potential, spike] = state;
        const T counted = simd::constant<T>(1.0F / static_cast<float>(Window));
        const T stays = simd::constant<T>(static_cast<float>(fading));
        potential = simd::fma(stays, potential, in[0] + recurrent[0]) - spike;
        spike = simd::select(potential > T(1), T(1), T(0));
        rate = simd::fma(counted, spike - rate, rate);
        const T distance = simd::abs(potential - T(1));
        traces.keep[0] = T(1) - counted;
        traces.gain_in[0] = traces.gain_state[0] =
            counted * simd::constant<T>(0.3F) * simd::at_least(T(1) - distance, T(0));
        traces.readout[0] = T(1);
    }
};

/// `Units` plain recurrent neurons: see `Recurrent`.
template <std::size_t Units, std::size_t Memory = 1>
using Rnn = Recurrent<Units, RnnCell<Memory>>;
/// `Units` gated recurrent units.
template <std::size_t Units>
using Gru = Recurrent<Units, GruCell>;
/// `Units` long short-term memories.
template <std::size_t Units>
using Lstm = Recurrent<Units, LstmCell>;
/// `Units` leaky integrate-and-fire neurons.
template <std::size_t Units, std::size_t Memory = 8, std::size_t Window = 16>
using Lif = Recurrent<Units, LifCell<Memory, Window>>;

}  // namespace tdca
