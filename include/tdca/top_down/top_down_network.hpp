// TopDownNetwork: from the top-level signal to a credit for every neuron.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tdca/concepts/diffusion.hpp"
#include "tdca/concepts/signal.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/math/gemm.hpp"
#include "tdca/top_down/feedback.hpp"
#include "tdca/top_down/local_prediction.hpp"
#include "tdca/top_down/pathway.hpp"
#include "tdca/top_down/unit_network.hpp"

namespace tdca::inline TDCA_ABI {

/// Hidden neurons of the TDCA-network: `Hidden<8>`; `Hidden<0>` is the linear path alone.
template <std::size_t Neurons>
struct Hidden {
    static constexpr std::size_t neurons = Neurons;  ///< how many
};

/// The top-down credit-assignment network (Chen, Liu & Wang, arXiv:2208.01416; the equations are
/// ours, see docs/method.md).
///
/// The unit network turns the top-level error e into the output layer's credit and a modulated
/// error ê. For each hidden layer, of relative depth d in (0, 1):
///   credit = slope ⊙ (exp(g₀ + g₁ d) ε F − h ē a),   h = exp 2g
/// where a is the layer's activity and ē the batch mean of ‖e‖: neurons that grow loud while there
/// are errors are restrained, without which deep networks now and then run away. ε is ê, or with
/// `PredictiveFeedback` a mixture of ê and the layer's own error, and F (output units × neurons) is
/// that layer's feedback, spread from few sources by the diffusion kernel. F is fixed, plastic or
/// evolved. The functions are never given the bottom-up network's parameters, and one genome serves
/// any number and width of hidden layers.
///
/// @tparam SignalType what the top level sees
/// @tparam HiddenSpec hidden neurons of the unit network
/// @tparam DiffusionKernel from sources to neurons
/// @tparam FeedbackWeights `FixedFeedback`, `PlasticFeedback`, `PredictiveFeedback<>` or
/// `EvolvedFeedback`
/// @tparam Sets whether output units share the unit network's weights
template <class SignalType, class HiddenSpec, class DiffusionKernel,
          class FeedbackWeights = PlasticFeedback, Sharing Sets = Sharing::shared>
struct TopDownNetwork {
private:
    using Kernel = detail::DiffusionOrStandIn<DiffusionKernel>;

public:
    using signal = detail::SignalOrStandIn<SignalType>;  ///< what the top level sees
    /// The unit network.
    using Unit = UnitNetwork<HiddenSpec::neurons, signal::width, Sets,
                             detail::has_limited_features<signal>  ? FeatureRange::limited
                             : detail::has_weighted_errors<signal> ? FeatureRange::unweighted
                                                                   : FeatureRange::whole>;

    static constexpr std::size_t classes = signal::width;
    static constexpr bool is_plastic = FeedbackWeights::is_plastic;
    static constexpr bool is_predictive = FeedbackWeights::is_predictive;

private:
    template <bool Predictive, class S>
    struct PredictionOf {
        using type = detail::NoPrediction;
    };
    template <class S>
    struct PredictionOf<true, S> {
        using type = LocalPrediction<S>;
    };

    template <class Net, class Index>
    struct PerHiddenLayer;
    template <class Net, std::size_t... Index>
    struct PerHiddenLayer<Net, std::index_sequence<Index...>> {
        // A layer whose credit comes through a relay above it has no feedback of its own.
        template <std::size_t I>
        using PathwayOf = std::conditional_t<
            Net::template receives_credit<I>,
            Pathway<classes, KernelOn<Kernel, typename Net::template layer<I>::output_shape>,
                    FeedbackWeights, Net::template layer<I>::output_shape::size>,
            NoPathway>;
        template <class Prediction, std::size_t Samples, std::size_t I>
        using GuessOf = typename std::conditional_t<Net::template receives_credit<I>, Prediction,
                                                    detail::NoPrediction>::
            template Workspace<Samples, Net::template layer<I>::output_shape::size>;

        using Pathways = std::tuple<PathwayOf<Index>...>;
        using Params = std::tuple<typename PathwayOf<Index>::Params...>;
        using Workspaces = std::tuple<typename PathwayOf<Index>::Workspace...>;
        template <class Prediction, std::size_t Samples>
        using Guesses = std::tuple<GuessOf<Prediction, Samples, Index>...>;
    };

    template <class Net>
    using Hiddens = PerHiddenLayer<Net, std::make_index_sequence<Net::depth - 1>>;

    template <class Net, std::size_t I>
    static constexpr std::size_t neurons_of = Net::template layer<I>::output_shape::size;

public:
    /// What a layer guesses, if it does.
    using Prediction = typename PredictionOf<is_predictive, signal>::type;
    /// Genes of the feedback's gains, and of the feedback itself where it is evolved.
    using Wiring =
        typename detail::WiringGenes<FeedbackWeights, classes, Kernel::genome_sources>::type;
    using Genome = tdca::Genome<Part<"unit", typename Unit::Genome>,
                                Part<"diffusion", typename Kernel::Genome>, Part<"wiring", Wiring>,
                                Part<"prediction", typename Prediction::Genome>>;

    /// What lives as long as the bottom-up network does: feedback weights and kernels, and genes
    /// that mean the same all the time.
    template <class Net>
    struct State {
        typename Hiddens<Net>::Pathways pathways;
        std::array<float, Net::depth> gains;  ///< exp(g₀ + g₁ d) of each hidden layer
        float restraint;                      ///< h
    };

    /// One block of feedback weights per hidden layer: the type of their deltas.
    template <class Net>
    using FeedbackParams = typename Hiddens<Net>::Params;

    template <class Net, std::size_t Samples>
    struct Workspace {
        typename Unit::template Workspace<Samples> unit;  ///< scratch of the unit network
        typename Hiddens<Net>::Workspaces pathways;
        /// Scratch of each hidden layer's guess.
        typename Hiddens<Net>::template Guesses<Prediction, Samples> guesses;
        alignas(alignment) std::array<float, Samples * classes> errors;     ///< e
        alignas(alignment) std::array<float, Samples * classes> modulated;  ///< ê
        alignas(alignment) std::array<float, Samples * classes> sent;       ///< ε of one layer
    };

    /// The genome before evolution: gains of 1, a kernel one source wide.
    static void initialize(Genome& genome, Key key) noexcept {
        Unit::initialize(genome.template get<"unit">(), key / 0);
        Prediction::initialize(genome.template get<"prediction">());
        genome.template get<"wiring">().template get<"log_restraint">()[0] = -1.5F;
        if constexpr (FeedbackWeights::origin == FeedbackOrigin::evolved) {
            (key / 1).fill_normal(
                std::span<float>(genome.template get<"wiring">().template get<"feedback">()));
        }
    }

    /// A new lifetime: feedback weights are drawn from `key` and diffused.
    template <class Net>
    static void begin(const Genome& genome, Key key, State<Net>& state) noexcept {
        adopt<Net>(genome, state);
        for_each_hidden<Net>([&](auto i) {
            auto& pathway = std::get<i>(state.pathways);
            std::span<const float> evolved;
            if constexpr (FeedbackWeights::origin == FeedbackOrigin::evolved) {
                const auto genes = genome.template get<"wiring">().template get<"feedback">();
                static_assert(
                    genes.size() == classes * std::remove_cvref_t<decltype(pathway)>::sources,
                    "evolved per-neuron heads fit one width: NoDiffusion<N> needs every "
                    "hidden layer to have N neurons");
                evolved = genes;
            }
            pathway.begin(genome.template get<"diffusion">(), evolved,
                          key / (Net::first_layer + i));
        });
    }

    /// Decodes what means the same all the time.
    template <class Net>
    static void adopt(const Genome& genome, State<Net>& state) noexcept {
        const auto& wiring = genome.template get<"wiring">();
        state.restraint = std::exp(2.0F * wiring.template get<"log_restraint">()[0]);
        const auto gains = wiring.template get<"credit_gain">();
        for_each_hidden<Net>([&](auto i) {
            state.gains[i] = std::exp(gains[0] + gains[1] * Net::template relative_depth<i>);
        });
    }

    /// The feedback weights of hidden layer `I` that learn, where @ref is_plastic.
    template <class Net, std::size_t I>
    [[nodiscard]] static auto& feedback(State<Net>& state) noexcept {
        return std::get<I>(state.pathways).params;
    }

    /// Calls `use(weights)` with the feedback of hidden layer `I`, output units × neurons.
    template <class Net, std::size_t I, class Use>
    static void with_weights(const State<Net>& state, Use&& use) noexcept {
        const auto& pathway = std::get<I>(state.pathways);
        typename std::remove_cvref_t<decltype(pathway)>::Workspace scratch;
        use(pathway.weights(scratch));
    }

    /// Assigns a credit to every neuron of `Net` for one batch.
    ///
    /// @param targets what the task says of each sample
    /// @param activities, eligibilities of all layers
    /// @param credits filled for every layer, output layer included
    /// @return the batch mean of ‖error‖
    template <class Net, std::size_t Samples>
    static float assign(const Genome& genome, const Progress& progress,
                        std::span<const typename signal::Target, Samples> targets,
                        const typename Net::template Activities<Samples>& activities,
                        const typename Net::template Eligibilities<Samples>& eligibilities,
                        const State<Net>& state, Workspace<Net, Samples>& workspace,
                        typename Net::template Activities<Samples>& credits) noexcept {
        static_assert(detail::is_as_wide<signal, Net>,
                      "the signal's width differs from the network's number of outputs");
        constexpr std::size_t top = Net::depth - 1;
        using Errors = std::span<float, Samples * classes>;
        const Errors errors{workspace.errors};
        const Errors modulated{workspace.modulated};
        const Errors sent{workspace.sent};
        const auto outputs = activities.template get<top>();
        signal::template observe<Samples>(outputs, targets, errors);
        Unit::template modulate<Samples>(genome.template get<"unit">(), errors, outputs, progress,
                                         workspace.unit, credits.template get<top>(), modulated);

        float total = 0;
        for (std::size_t s = 0; s < Samples; ++s) total += workspace.unit.norms[s];
        const float mean_error = total / static_cast<float>(Samples);
        const float restraint = mean_error * state.restraint;
        for_each_hidden<Net>([&](auto i) {
            constexpr std::size_t neurons = neurons_of<Net, i>;
            const auto credit = credits.template get<i>();
            const auto weights =
                std::get<i>(state.pathways).weights(std::get<i>(workspace.pathways));
            std::span<const float, Samples * classes> source(modulated);
            if constexpr (is_predictive) {
                Prediction::template predict<Samples, neurons>(
                    Prediction::decode(genome.template get<"prediction">(),
                                       Net::template relative_depth<i>, progress),
                    activities.template get<i>(), weights, source, targets,
                    std::get<i>(workspace.guesses), sent);
                source = sent;
            }
            const float gain = state.gains[i];
            simd::map(
                sent, [gain](auto error) { return error * decltype(error)(gain); }, source);
            multiply<Samples, classes, neurons>(std::span<const float, Samples * classes>(sent),
                                                weights, credit);
            simd::axpy(-restraint, activities.template get<i>(), credit);
            Net::template relay<i, Samples>(activities, eligibilities, credits);
        });

        return mean_error;
    }

    /// What plastic feedback weights learn from: the batch mean of an error × activity of the
    /// layer; the error is ê, or the lesson of @ref LocalPrediction.
    ///
    /// To be called after `assign`, with its workspace.
    template <class Net, std::size_t Samples>
    static void correlate_feedback(const typename Net::template Activities<Samples>& activities,
                                   const State<Net>& state, Workspace<Net, Samples>& workspace,
                                   FeedbackParams<Net>& delta) noexcept
        requires(is_plastic)
    {
        for_each_hidden<Net>([&](auto i) {
            std::span<const float, Samples * classes> lesson{workspace.modulated};
            if constexpr (is_predictive) lesson = std::get<i>(workspace.guesses).lesson;
            std::get<i>(state.pathways)
                .template correlate<Samples>(lesson, activities.template get<i>(),
                                             std::get<i>(workspace.pathways), std::get<i>(delta));
        });
    }

    /// Calls `visit(std::integral_constant<std::size_t, i>)` for each hidden layer of `Net` that
    /// receives credit: all, but for those whose credit comes through a relay above them.
    template <class Net, class Visitor>
    static constexpr void for_each_hidden(Visitor&& visit) {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            [[maybe_unused]] const auto visit_if = [&](auto i) {
                if constexpr (Net::template receives_credit<i>) visit(i);
            };
            (visit_if(std::integral_constant<std::size_t, Index>{}), ...);
        }(std::make_index_sequence<Net::depth - 1>{});
    }

private:
    // Down here, since clang goes on with no class behind an assertion that fails.
    static_assert(Signal<SignalType> || detail::tell_what_a_signal_lacks<SignalType>(),
                  "this is no signal; see tdca/concepts/signal.hpp for what one must offer");
    static_assert(Diffusion<DiffusionKernel> ||
                      detail::tell_what_a_diffusion_lacks<DiffusionKernel>(),
                  "this is no diffusion; see tdca/concepts/diffusion.hpp for what one must offer");
};

}  // namespace tdca
