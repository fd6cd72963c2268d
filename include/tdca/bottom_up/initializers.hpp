// How the synapses of a layer are born.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// w ~ N(0, 1 / fan_in): keeps the variance of activities through linear and tanh layers
/// (LeCun et al., "Efficient BackProp", 1998).
struct ScaledNormal {
    /// Fills `weights`.
    template <class Scalar>
    static void fill(std::span<Scalar> weights, std::size_t fan_in, std::size_t /*fan_out*/,
                     Key key) noexcept {
        normal(weights, std::sqrt(1.0 / static_cast<double>(fan_in)), key);
    }

    /// w ~ N(0, `deviation`²), in place.
    template <class Scalar>
    static void normal(std::span<Scalar> weights, double deviation, Key key) noexcept {
        key.fill_normal(weights);
        for (Scalar& weight : weights) weight *= static_cast<Scalar>(deviation);
    }
};

/// w ~ N(0, 2 / fan_in): the same for ReLU layers (He et al., arXiv:1502.01852).
struct HeNormal {
    /// Fills `weights`.
    template <class Scalar>
    static void fill(std::span<Scalar> weights, std::size_t fan_in, std::size_t /*fan_out*/,
                     Key key) noexcept {
        ScaledNormal::normal(weights, std::sqrt(2.0 / static_cast<double>(fan_in)), key);
    }
};

/// w = 0.
struct Zero {
    /// Fills `weights`.
    template <class Scalar>
    static void fill(std::span<Scalar> weights, std::size_t /*fan_in*/, std::size_t /*fan_out*/,
                     Key /*key*/) noexcept {
        std::fill(weights.begin(), weights.end(), Scalar{0});
    }
};

/// Orthogonal weights: the signals of a layer's inputs, or of its neurons where those are fewer,
/// are orthogonal and alike in size, and every neuron's weights have mean power `Power` (Saxe,
/// McClelland & Ganguli, arXiv:1312.6120). With 1 linear and tanh layers keep activity's size, with
/// 2 ReLU does: better than independent weights of the same power, whose sizes wander from layer to
/// layer.
///
/// Gram and Schmidt's way in place: inputs · outputs · the smaller of them operations, once a life;
/// allocates nothing.
template <std::size_t Power = 1>
struct Orthogonal {
    /// Fills `weights`.
    template <class Scalar>
    static void fill(std::span<Scalar> weights, std::size_t fan_in, std::size_t /*fan_out*/,
                     Key key) noexcept {
        key.fill_normal(weights);
        block(weights, fan_in, weights.size() / fan_in, weights.size() / fan_in,
              static_cast<Scalar>(std::sqrt(static_cast<double>(Power))));
    }

    /// Makes the first `inputs` × `outputs` of normal `weights`, `stride` numbers an input,
    /// orthogonal in place; each output's weights then have mean power `gain`².
    template <class Scalar>
    static void block(std::span<Scalar> weights, std::size_t inputs, std::size_t outputs,
                      std::size_t stride, Scalar gain) noexcept {
        // Vectors are the columns, or where those are more than an input has dimensions, the rows.
        const bool by_output = outputs <= inputs;
        const std::size_t vectors = by_output ? outputs : inputs;
        const std::size_t length = by_output ? inputs : outputs;
        const std::size_t step = by_output ? stride : 1;
        const std::size_t next = by_output ? 1 : stride;
        const auto at = [&](std::size_t vector, std::size_t i) -> Scalar& {
            return weights[vector * next + i * step];
        };
        const auto product = [&](std::size_t a, std::size_t b) {
            double sum = 0;
            for (std::size_t i = 0; i < length; ++i) {
                sum += static_cast<double>(at(a, i)) * static_cast<double>(at(b, i));
            }
            return sum;
        };
        for (std::size_t v = 0; v < vectors; ++v) {
            // Twice is enough (Giraud, Langou & Rozloznik, 2005).
            for (std::size_t round = 0; round < 2; ++round) {
                for (std::size_t u = 0; u < v; ++u) {
                    const double shared = product(u, v);
                    for (std::size_t i = 0; i < length; ++i) {
                        at(v, i) -= static_cast<Scalar>(shared * static_cast<double>(at(u, i)));
                    }
                }
                const double norm = std::sqrt(product(v, v));
                for (std::size_t i = 0; i < length; ++i) {
                    at(v, i) = static_cast<Scalar>(static_cast<double>(at(v, i)) / norm);
                }
            }
        }
        const double size =
            by_output ? 1 : std::sqrt(static_cast<double>(outputs) / static_cast<double>(inputs));
        for (std::size_t v = 0; v < vectors; ++v) {
            for (std::size_t i = 0; i < length; ++i) at(v, i) *= gain * static_cast<Scalar>(size);
        }
    }
};

/// Births that look linear: neurons i and i + half have opposite weights, so that two ReLUs hand on
/// what one linear neuron would, positive and negative part, and a network of any depth is at birth
/// an orthogonal linear map of half its width (Balduzzi et al., "The shattered gradients problem",
/// arXiv:1702.08591). Activity keeps its size *and* samples keep their angles, where independent
/// weights make all samples look alike after some tens of layers.
///
/// @tparam InputsToo whether inputs come in such pairs as well: all layers but the first
template <bool InputsToo = true>
struct Mirrored {
    /// Fills `weights`. Where a number that should be even is odd, `Orthogonal<2>` serves.
    template <class Scalar>
    static void fill(std::span<Scalar> weights, std::size_t fan_in, std::size_t fan_out,
                     Key key) noexcept {
        const std::size_t outputs = weights.size() / fan_in;
        if (outputs % 2 != 0 || (InputsToo && fan_in % 2 != 0)) {
            Orthogonal<2>::fill(weights, fan_in, fan_out, key);
            return;
        }
        const std::size_t inputs = InputsToo ? fan_in / 2 : fan_in;
        const std::size_t half = outputs / 2;
        key.fill_normal(weights);
        Orthogonal<>::block(weights, inputs, half, outputs, Scalar{1});
        for (std::size_t i = 0; i < fan_in; ++i) {
            const Scalar sign = i < inputs ? Scalar{1} : Scalar{-1};
            for (std::size_t o = 0; o < half; ++o) {
                const Scalar weight = sign * weights[i % inputs * outputs + o];
                weights[i * outputs + o] = weight;
                weights[i * outputs + half + o] = -weight;
            }
        }
    }
};

/// Wires an output layer along the paths by which credit will come down: W = gain · Fᵀ, where F
/// (`Outputs` × `Inputs`) is the feedback of the layer below, as diffused to its neurons.
///
/// Forward and feedback weights are then aligned from birth, although neither was read from the
/// other in learning: both grow from one random pattern.
template <std::size_t Inputs, std::size_t Outputs, class Scalar>
void wire_topographically(std::span<const Scalar, Outputs * Inputs> feedback, Scalar gain,
                          std::span<Scalar, Inputs * Outputs> weights) noexcept {
    for (std::size_t i = 0; i < Inputs; ++i) {
        for (std::size_t o = 0; o < Outputs; ++o) {
            weights[i * Outputs + o] = gain * feedback[o * Inputs + i];
        }
    }
}

}  // namespace tdca
