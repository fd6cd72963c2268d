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
