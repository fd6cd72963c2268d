// TopDownNetwork: from the top-level signal to a credit for every neuron.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <tuple>

#include "tdca/concepts/diffusion.hpp"
#include "tdca/concepts/signal.hpp"
#include "tdca/core/field.hpp"
#include "tdca/core/gemm.hpp"
#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/progress.hpp"
#include "tdca/core/random.hpp"
#include "tdca/top_down/feedback.hpp"
#include "tdca/top_down/unit_network.hpp"

namespace tdca {

/// Hidden neurons of the TDCA-network: `Hidden<8>`; `Hidden<0>` is the linear path alone.
template <std::size_t Neurons>
struct Hidden {
    static constexpr std::size_t neurons = Neurons;
};

namespace detail {

/// Genes of the wiring: with evolved feedback, the feedback weights are among them.
template <class Feedback, std::size_t Classes, std::size_t Sources>
struct WiringGenes {
    using type =
        Genes<float, Parameter<"birth_gain", Shape<1>>, Parameter<"credit_gain", Shape<2>>>;
};
template <std::size_t Classes, std::size_t Sources>
struct WiringGenes<EvolvedFeedback, Classes, Sources> {
    using type = Genes<float, Parameter<"birth_gain", Shape<1>>, Parameter<"credit_gain", Shape<2>>,
                       Parameter<"feedback", Shape<Classes, Sources>>>;
};

}  // namespace detail

/// The top-down credit-assignment network (Chen, Liu & Wang, arXiv:2208.01416; the equations are
/// ours, see docs/method.md).
///
/// The unit network turns the top-level error e into the output layer's credit and a modulated
/// error ê. For each hidden layer, of relative depth d in (0, 1):
///   credit = exp(g₀ + g₁ d) · slope ⊙ (ê · (M · K))
/// where M (output units × sources) is that layer's feedback and K (sources × neurons) the
/// diffusion kernel. M is fixed, plastic or evolved. The functions are never given the bottom-up
/// network's parameters, and one genome serves any number and width of hidden layers.
///
/// @tparam SignalType what the top level sees
/// @tparam HiddenSpec hidden neurons of the unit network
/// @tparam DiffusionKernel from sources to neurons
/// @tparam Feedback `FixedFeedback`, `PlasticFeedback` or `EvolvedFeedback`
/// @tparam Sets whether output units share the unit network's weights
template <Signal SignalType, class HiddenSpec, Diffusion DiffusionKernel,
          class Feedback = PlasticFeedback, Sharing Sets = Sharing::shared>
struct TopDownNetwork {
    using signal = SignalType;
    using Unit = UnitNetwork<HiddenSpec::neurons, SignalType::width, Sets>;

    static constexpr std::size_t classes = SignalType::width;
    static constexpr bool is_plastic = Feedback::is_plastic;

    using Wiring =
        typename detail::WiringGenes<Feedback, classes, DiffusionKernel::genome_sources>::type;
    using Genome =
        tdca::Genome<Part<"unit", typename Unit::Genome>,
                     Part<"diffusion", typename DiffusionKernel::Genome>, Part<"wiring", Wiring>>;

    /// The part of a lifetime's state that belongs to one hidden layer of `Neurons` neurons.
    template <std::size_t Neurons>
    struct Pathway {
        static constexpr std::size_t sources = DiffusionKernel::template sources<Neurons>;
        static constexpr std::size_t kernel_size =
            DiffusionKernel::is_identity ? 1 : sources * Neurons;

        /// Feedback weights: what plasticity works on where feedback is plastic.
        using Params = Parameters<float, Parameter<"feedback", Shape<classes, sources>>>;

        Params params;
        alignas(alignment) std::array<float, kernel_size> kernel;      // sources × neurons
        alignas(alignment) std::array<float, kernel_size> transposed;  // neurons × sources
    };

    /// Scratch of one hidden layer.
    template <std::size_t Neurons>
    struct PathwayWorkspace {
        /// Feedback weights as diffused to the neurons, then what plastic ones learn from.
        alignas(alignment) std::array<float, classes * Neurons> per_neuron;
    };

private:
    template <class Net, class Index>
    struct PerHiddenLayer;
    template <class Net, std::size_t... Index>
    struct PerHiddenLayer<Net, std::index_sequence<Index...>> {
        template <std::size_t I>
        static constexpr std::size_t neurons = Net::template layer<I>::output_shape::size;

        using Pathways = std::tuple<Pathway<neurons<Index>>...>;
        using Params = std::tuple<typename Pathway<neurons<Index>>::Params...>;
        using Workspaces = std::tuple<PathwayWorkspace<neurons<Index>>...>;
    };

    template <class Net>
    using Hiddens = PerHiddenLayer<Net, std::make_index_sequence<Net::depth - 1>>;

    template <class Net, std::size_t I>
    static constexpr std::size_t neurons_of = Net::template layer<I>::output_shape::size;

public:
    /// What lives as long as the bottom-up network does: feedback weights and kernels.
    template <class Net>
    struct State {
        typename Hiddens<Net>::Pathways pathways;
    };

    /// One block of feedback weights per hidden layer: the type of their deltas.
    template <class Net>
    using FeedbackParams = typename Hiddens<Net>::Params;

    template <class Net, std::size_t Samples>
    struct Workspace {
        typename Unit::template Workspace<Samples> unit;
        typename Hiddens<Net>::Workspaces pathways;
        alignas(alignment) std::array<float, Samples * classes> errors;
        alignas(alignment) std::array<float, Samples * classes> modulated;
    };

    /// The genome before evolution: gains of 1, a kernel one source wide, output synapses born
    /// along the feedback with a gain of 1.
    static void initialize(Genome& genome, Key key) noexcept {
        Unit::initialize(genome.template get<"unit">(), key / 0);
        genome.template get<"wiring">().template get<"birth_gain">()[0] = 1.0F;
        if constexpr (Feedback::origin == FeedbackOrigin::evolved) {
            (key / 1).fill_normal(
                std::span<float>(genome.template get<"wiring">().template get<"feedback">()));
        }
    }

    /// A new lifetime: kernels are laid out and feedback weights drawn, N(0, 1), from `key`.
    template <class Net>
    static void birth(const Genome& genome, Key key, State<Net>& state) noexcept {
        for_each_hidden<Net>([&](auto i) {
            auto& pathway = std::get<i>(state.pathways);
            constexpr std::size_t neurons = neurons_of<Net, i>;
            constexpr std::size_t sources = std::remove_cvref_t<decltype(pathway)>::sources;
            const auto feedback = pathway.params.template get<"feedback">();
            if constexpr (Feedback::origin == FeedbackOrigin::evolved) {
                const auto genes = genome.template get<"wiring">().template get<"feedback">();
                static_assert(genes.size() == feedback.size(),
                              "evolved per-neuron heads fit one width: NoDiffusion<N> needs every "
                              "hidden layer to have N neurons");
                std::copy(genes.begin(), genes.end(), feedback.begin());
            } else {
                (key / i).fill_normal(std::span<float>(feedback));
            }
            if constexpr (!DiffusionKernel::is_identity) {
                DiffusionKernel::template kernel<neurons>(
                    genome.template get<"diffusion">(),
                    std::span<float, sources * neurons>(pathway.kernel));
                for (std::size_t s = 0; s < sources; ++s) {
                    for (std::size_t j = 0; j < neurons; ++j) {
                        pathway.transposed[j * sources + s] = pathway.kernel[s * neurons + j];
                    }
                }
            }
        });
    }

    /// Feedback weights of hidden layer `Index` as diffused to its neurons, output units × neurons.
    template <class Net, std::size_t Index>
    static void diffused_feedback(const State<Net>& state,
                                  std::span<float, classes * neurons_of<Net, Index>> out) noexcept {
        diffuse<classes, neurons_of<Net, Index>>(
            std::get<Index>(state.pathways),
            std::get<Index>(state.pathways).params.template get<"feedback">(), out);
    }

    /// Assigns a credit to every neuron of `Net` for one batch.
    ///
    /// @param feedback what the task says of each sample
    /// @param activities of all layers
    /// @param credits filled for every layer, output layer included
    /// @return the batch mean of ‖error‖
    template <class Net, std::size_t Samples>
    static float assign(const Genome& genome, const Progress& progress,
                        std::span<const typename SignalType::Feedback, Samples> feedback,
                        const typename Net::template Activities<Samples>& activities,
                        const State<Net>& state, Workspace<Net, Samples>& workspace,
                        typename Net::template Activities<Samples>& credits) noexcept {
        static_assert(Net::output_shape::size == classes,
                      "the signal's width differs from the network's number of outputs");
        constexpr std::size_t top = Net::depth - 1;
        const std::span<float, Samples * classes> errors{workspace.errors};
        const std::span<float, Samples * classes> modulated{workspace.modulated};
        const auto outputs = activities.template get<top>();
        SignalType::template observe<Samples>(outputs, feedback, errors);
        Unit::template modulate<Samples>(genome.template get<"unit">(), errors, outputs, progress,
                                         workspace.unit, credits.template get<top>(), modulated);

        const auto gains = genome.template get<"wiring">().template get<"credit_gain">();
        for_each_hidden<Net>([&](auto i) {
            constexpr std::size_t neurons = neurons_of<Net, i>;
            const auto& pathway = std::get<i>(state.pathways);
            const auto credit = credits.template get<i>();
            const float depth = static_cast<float>(i + 1) / static_cast<float>(Net::depth);
            const float gain = std::exp(gains[0] + gains[1] * depth);
            // Diffusion is linear. Feedback weights are fewer than source signals, so it is they
            // that are diffused, and scaled.
            auto& diffused = std::get<i>(workspace.pathways).per_neuron;
            const std::span<float, classes * neurons> weights(diffused);
            diffuse<classes, neurons>(pathway, pathway.params.template get<"feedback">(), weights);
            simd::map(
                weights, [gain](Pack<float> w) { return w * Pack<float>(gain); }, weights);
            multiply<Samples, classes, neurons>(
                std::span<const float, Samples * classes>(modulated),
                std::span<const float, classes * neurons>(weights), credit);
            Net::template layer<i>::template gate<Samples>(activities.template get<i>(), credit);
        });

        float total = 0;
        for (std::size_t s = 0; s < Samples; ++s) total += workspace.unit.norms[s];
        return total / static_cast<float>(Samples);
    }

    /// What plastic feedback weights learn from: the batch mean of modulated error × activity of
    /// the layer, the latter pooled to the sources through the same kernel.
    ///
    /// To be called after `assign`, with its workspace.
    template <class Net, std::size_t Samples>
    static void correlate_feedback(const typename Net::template Activities<Samples>& activities,
                                   const State<Net>& state, Workspace<Net, Samples>& workspace,
                                   FeedbackParams<Net>& delta) noexcept
        requires(is_plastic)
    {
        const std::span<const float, Samples * classes> modulated{workspace.modulated};
        for_each_hidden<Net>([&](auto i) {
            constexpr std::size_t neurons = neurons_of<Net, i>;
            const auto& pathway = std::get<i>(state.pathways);
            constexpr std::size_t sources = std::remove_cvref_t<decltype(pathway)>::sources;
            const auto out = std::get<i>(delta).template get<"feedback">();
            if constexpr (DiffusionKernel::is_identity) {
                mean_outer<Samples, classes, neurons>(modulated, activities.template get<i>(), out);
            } else {
                const std::span<float, classes * neurons> correlation{
                    std::get<i>(workspace.pathways).per_neuron};
                mean_outer<Samples, classes, neurons>(modulated, activities.template get<i>(),
                                                      correlation);
                multiply<classes, neurons, sources>(
                    std::span<const float, classes * neurons>(correlation),
                    std::span<const float, neurons * sources>(pathway.transposed), out);
            }
        });
    }

    /// Calls `visit(std::integral_constant<std::size_t, i>)` for each hidden layer of `Net`.
    template <class Net, class Visitor>
    static constexpr void for_each_hidden(Visitor&& visit) {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            (visit(std::integral_constant<std::size_t, Index>{}), ...);
        }(std::make_index_sequence<Net::depth - 1>{});
    }

private:
    /// out (`Rows` × `Neurons`) = signals (`Rows` × sources) · kernel.
    template <std::size_t Rows, std::size_t Neurons>
    static void diffuse(const Pathway<Neurons>& pathway,
                        std::span<const float, Rows * Pathway<Neurons>::sources> signals,
                        std::span<float, Rows * Neurons> out) noexcept {
        if constexpr (DiffusionKernel::is_identity) {
            std::copy(signals.begin(), signals.end(), out.begin());
        } else {
            constexpr std::size_t sources = Pathway<Neurons>::sources;
            multiply<Rows, sources, Neurons>(
                signals, std::span<const float, sources * Neurons>(pathway.kernel), out);
        }
    }
};

}  // namespace tdca
