// CreditCentring: what a minibatch has in common is left to the bias.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/gemm.hpp"

namespace tdca::inline TDCA_ABI {

/// Takes most of its mean over the minibatch from every neuron's credit:
///   c ← c − κ · mean(c),   κ = 0.98 / (1 + e^−g), one gene g for hidden layers, one for the
///   output.
///
/// Correlating with credits without a mean is correlating with activities without one, since
/// Σ a (c − c̄) = Σ (a − ā) c. Weights then need not unlearn what the bias has learned, and can
/// take larger steps (Schraudolph, "Centering neural network gradients", 1998). The mean that is
/// left drives the bias; a rule that normalises each synapse's changes makes up for its size.
struct CreditCentring {
    using Genome = Genes<float, Parameter<"logit", Shape<2>>>;

    /// κ of hidden layers and of the output layer.
    struct Constants {
        std::array<float, 2> share;  ///< taken of the mean
    };

    static void initialize(Genome& /*genome*/) noexcept {}
    static Constants decode(const Genome& genome) noexcept {
        const auto genes = genome.get<"logit">();
        return {{0.98F / (1.0F + std::exp(-genes[0])), 0.98F / (1.0F + std::exp(-genes[1]))}};
    }

    /// @param credit `Samples` × `Units`, changed in place
    template <std::size_t Samples, std::size_t Units>
    static void apply(const Constants& constants, bool is_output,
                      std::span<float, Samples * Units> credit) noexcept {
        centre_rows<Samples, Units>(constants.share[is_output ? 1 : 0], credit);
    }
};

/// Credits as they were assigned.
struct NoCentring {
    using Genome = Genes<float>;
    struct Constants {};
    static void initialize(Genome& /*genome*/) noexcept {}
    static Constants decode(const Genome& /*genome*/) noexcept { return {}; }
    /// Leaves the credit as it is.
    template <std::size_t Samples, std::size_t Units>
    static void apply(const Constants& /*constants*/, bool /*is_output*/,
                      std::span<float, Samples * Units> /*credit*/) noexcept {}
};

}  // namespace tdca
