// Pathway: the feedback weights of one hidden layer, from birth to what they learn.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <span>
#include <type_traits>

#include "tdca/concepts/diffusion.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/math/gemm.hpp"
#include "tdca/top_down/feedback.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// Whether feedback weights reach neurons through the kernel at every update.
template <class Kernel, class FeedbackWeights>
inline constexpr bool diffuses_always =
    !Kernel::is_identity && FeedbackWeights::synapses == FeedbackSynapses::per_source;

/// The kernel in both orders, where it is needed after birth.
template <std::size_t Sources, std::size_t Neurons>
struct KeptKernel {
    alignas(alignment) std::array<float, Sources * Neurons> forward;  // sources × neurons
    alignas(alignment) std::array<float, Sources * Neurons> turned;   // neurons × sources
};
struct NoKernel {};

}  // namespace detail

/// In place of feedback where a layer receives no credit of its own: none.
struct NoPathway {
    using Params = Parameters<float>;  ///< none
    struct Workspace {};               ///< none
};

/// One hidden layer's feedback: weights M (output units × synapses) and the diffusion kernel K
/// (sources × neurons). Neurons see F = M · K, or F = M where M has a synapse for every neuron.
///
/// @tparam Classes output units
/// @tparam Kernel from sources to neurons
/// @tparam FeedbackWeights where weights come from, whose they are, and whether they learn
template <std::size_t Classes, Diffusion Kernel, class FeedbackWeights, std::size_t Neurons>
struct Pathway {
    static constexpr std::size_t sources = Kernel::template sources<Neurons>;
    /// Whether the kernel is applied at every update.
    static constexpr bool diffuses_always = detail::diffuses_always<Kernel, FeedbackWeights>;
    static constexpr std::size_t synapses = diffuses_always ? sources : Neurons;

    /// What plasticity works on where feedback is plastic.
    using Params = Parameters<float, Parameter<"feedback", Shape<Classes, synapses>>>;

    Params params;
    /// K, where it is needed after birth.
    [[no_unique_address]] std::conditional_t<diffuses_always, detail::KeptKernel<sources, Neurons>,
                                             detail::NoKernel>
        kernel;

    /// Room for the weights as neurons see them, where those are not `params` themselves.
    struct Workspace {
        /// F.
        alignas(alignment) std::array<float, diffuses_always ? Classes * Neurons : 1> per_neuron;
    };

    /// Lays out the kernel and draws the sources' weights, N(0, 1), from `key`; or takes them from
    /// `evolved`, Classes × sources, where that is not empty.
    void begin(const typename Kernel::Genome& genes, std::span<const float> evolved,
               Key key) noexcept {
        const auto feedback = params.template get<"feedback">();
        if constexpr (Kernel::is_identity || diffuses_always) {
            draw(evolved, key, std::span<float>(feedback));
        }
        if constexpr (diffuses_always) {
            fill_kernel<Kernel, Neurons>(genes,
                                         std::span<float, sources * Neurons>(kernel.forward));
            for (std::size_t s = 0; s < sources; ++s) {
                for (std::size_t j = 0; j < Neurons; ++j) {
                    kernel.turned[j * sources + s] = kernel.forward[s * Neurons + j];
                }
            }
        } else if constexpr (!Kernel::is_identity) {
            std::array<float, Classes * sources> weights;
            std::array<float, sources> reach;
            draw(evolved, key, weights);
            for (std::size_t j = 0; j < Neurons; ++j) {
                Kernel::template reach<Neurons>(genes, j, std::span<float, sources>(reach));
                for (std::size_t c = 0; c < Classes; ++c) {
                    feedback[c * Neurons + j] = std::inner_product(
                        reach.begin(), reach.end(), weights.begin() + c * sources, 0.0F);
                }
            }
        }
    }

    /// F, output units × neurons: in `workspace`, or where it is anyway. Diffusion is linear, and
    /// weights are fewer than source signals, so it is they that are diffused.
    [[nodiscard]] std::span<const float, Classes * Neurons> weights(
        Workspace& workspace) const noexcept {
        const auto feedback = params.template get<"feedback">();
        if constexpr (diffuses_always) {
            const std::span<float, Classes * Neurons> out(workspace.per_neuron);
            multiply<Classes, sources, Neurons>(
                feedback, std::span<const float, sources * Neurons>(kernel.forward), out);
            return out;
        } else {
            return feedback;
        }
    }

    /// What the weights learn from: the batch mean of lesson × activity, the latter pooled to the
    /// sources through the same kernel.
    ///
    /// @param lesson `Samples` × output units
    /// @param activity `Samples` × neurons
    template <std::size_t Samples>
    void correlate(std::span<const float, Samples * Classes> lesson,
                   std::span<const float, Samples * Neurons> activity, Workspace& workspace,
                   Params& delta) const noexcept {
        const auto out = delta.template get<"feedback">();
        if constexpr (diffuses_always) {
            const std::span<float, Classes * Neurons> correlation(workspace.per_neuron);
            mean_outer<Samples, Classes, Neurons>(lesson, activity, correlation);
            multiply<Classes, Neurons, sources>(
                std::span<const float, Classes * Neurons>(correlation),
                std::span<const float, Neurons * sources>(kernel.turned), out);
        } else {
            mean_outer<Samples, Classes, Neurons>(lesson, activity, out);
        }
    }

private:
    static void draw(std::span<const float> evolved, Key key, std::span<float> out) noexcept {
        if (evolved.empty()) {
            key.fill_normal(out);
        } else {
            std::copy(evolved.begin(), evolved.end(), out.begin());
        }
    }
};

}  // namespace tdca
