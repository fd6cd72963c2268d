// CheckpointedBackprop: backpropagation that keeps the activity of a few layers and runs the others
// again on the way down.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

#include "baseline/backprop.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/gemm.hpp"
#include "tdca/training/layer_learning.hpp"

namespace tdca::baseline {

/// `BackpropLearner`'s updates, bit for bit, of a stack of Dense layers whose hidden layers are all
/// of one width, in less memory (Chen et al., "Training deep nets with sublinear memory cost",
/// arXiv:1604.06174): the activity of every `Every`-th layer is kept on the way up, that of the
/// layers between two of them is had again when credit comes down to them. `Every` = 1 keeps
/// everything: the least that plain backpropagation needs. Credit is kept for two layers; a layer's
/// weights are turned into scratch of its own before credit passes through them.
///
/// @tparam Base a `BackpropLearner`: births, genome and state are its own
template <class Base, std::size_t Every>
struct CheckpointedBackprop {
    using network = typename Base::network;
    using top_down = typename Base::top_down;
    using rule = typename Base::rule;
    using Target = typename Base::Target;
    using Genome = typename Base::Genome;
    using State = typename Base::State;

private:
    using Net = network;
    static constexpr std::size_t top = Net::depth - 1;
    static constexpr std::size_t classes = Net::output_shape::size;
    static constexpr std::size_t width = Net::template layer<0>::output_shape::size;
    static constexpr std::size_t kept = (top + Every - 1) / Every;

public:
    template <std::size_t Samples>
    struct Workspace {
        struct alignas(alignment) Block {
            std::array<float, Samples * width> values;
        };
        std::array<Block, kept> checkpoints;  ///< layers 0, Every, 2 Every, …
        std::array<Block, std::max<std::size_t>(Every - 1, 1)>
            between;  ///< those after one of them
        std::array<Block, 2> credits;
        alignas(alignment) std::array<float, Samples * classes> outputs;
        alignas(alignment) std::array<float, width * width> turned;
    };

    static void initialize(Genome& genome, Key key) noexcept { Base::initialize(genome, key); }
    static void begin(const Genome& genome, Key key, const Course& course, State& state) {
        Base::begin(genome, key, course, state);
    }
    static void initialize_network(Key key, typename Net::Params& params) {
        Base::initialize_network(key, params);
    }
    static void begin_initialized(const Genome& genome, Key key, const Course& course,
                                  State& state) {
        Base::begin_initialized(genome, key, course, state);
    }

    template <std::size_t Samples>
    static std::span<const float, Samples * classes> answer(
        const typename Net::Params& params,
        std::span<const float, Samples * Net::input_shape::size> in,
        Workspace<Samples>& workspace) noexcept {
        Net::for_each_layer([&](auto i) { run<i, Samples>(params, in, workspace); });
        return workspace.outputs;
    }

    template <std::size_t Samples>
    static void update(const Genome& genome, const Course& course,
                       std::span<const float, Samples * Net::input_shape::size> in,
                       std::span<const Target, Samples> told, State& state,
                       Workspace<Samples>& workspace) noexcept {
        using Rule = typename Base::rule;
        const Progress progress = Progress::at(state.age, course, state.error.relative(), Samples);
        answer<Samples>(std::as_const(state.params), in, workspace);
        std::array<float, Samples * classes> errors;
        Base::top_down::signal::template observe<Samples>(
            std::span<const float, Samples * classes>(workspace.outputs), told,
            std::span<float, Samples * classes>(errors));
        state.error.note(
            mean_row_norm<Samples, classes>(std::span<const float, Samples * classes>(errors)));
        ++state.age;
        workspace.outputs = errors;
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            (descend<Rule, top - Index, Samples>(genome, progress, in, state, workspace), ...);
        }(std::make_index_sequence<Net::depth>{});
    }

private:
    /// Where the activity of hidden layer `I` is.
    template <std::size_t I, std::size_t Samples>
    static std::span<float, Samples * width> activity(Workspace<Samples>& workspace) noexcept {
        if constexpr (I % Every == 0) {
            return workspace.checkpoints[I / Every].values;
        } else {
            return workspace.between[I % Every - 1].values;
        }
    }
    template <std::size_t I, std::size_t Samples>
    static auto below(std::span<const float, Samples * Net::input_shape::size> in,
                      Workspace<Samples>& workspace) noexcept {
        if constexpr (I == 0) {
            return in;
        } else {
            return std::span<const float, Samples * width>(activity<I - 1, Samples>(workspace));
        }
    }
    template <std::size_t I, std::size_t Samples>
    static auto credit(Workspace<Samples>& workspace) noexcept {
        if constexpr (I == top) {
            return std::span<float, Samples * classes>(workspace.outputs);
        } else {
            return std::span<float, Samples * width>(workspace.credits[I % 2].values);
        }
    }

    template <std::size_t I, std::size_t Samples>
    static void run(const typename Net::Params& params,
                    std::span<const float, Samples * Net::input_shape::size> in,
                    Workspace<Samples>& workspace) noexcept {
        NoEligibility none;
        if constexpr (I == top) {
            Net::template layer<I>::template forward<Samples>(
                std::get<I>(params), below<I, Samples>(in, workspace),
                std::span<float, Samples * classes>(workspace.outputs), none);
        } else {
            Net::template layer<I>::template forward<Samples>(
                std::get<I>(params), below<I, Samples>(in, workspace),
                activity<I, Samples>(workspace), none);
        }
    }

    /// Credit to the layer below, then this layer's own change.
    template <class Rule, std::size_t I, std::size_t Samples>
    static void descend(const Genome& genome, const Progress& progress,
                        std::span<const float, Samples * Net::input_shape::size> in, State& state,
                        Workspace<Samples>& workspace) noexcept {
        using L = typename Net::template layer<I>;
        constexpr std::size_t outputs = L::output_shape::size;
        const auto here = credit<I, Samples>(workspace);
        if constexpr (I > 0) {
            // The layers after the checkpoint below layer I, once more; the topmost are there
            // still.
            if constexpr (Every > 1 && (I - 1) % Every == Every - 1 && I != top) {
                constexpr std::size_t first = (I - 1) / Every * Every + 1;
                [&]<std::size_t... Index>(std::index_sequence<Index...>) {
                    (run<first + Index, Samples>(state.params, in, workspace), ...);
                }(std::make_index_sequence<I - first>{});
            }
            const auto weights = std::get<I>(state.params).template get<"weights">();
            const std::span<float, outputs * width> turned(workspace.turned.data(),
                                                           outputs * width);
            for (std::size_t i = 0; i < width; ++i) {
                for (std::size_t o = 0; o < outputs; ++o) {
                    turned[o * width + i] = weights[i * outputs + o];
                }
            }
            const auto there = credit<I - 1, Samples>(workspace);
            multiply<Samples, outputs, width>(std::span<const float, Samples * outputs>(here),
                                              std::span<const float, outputs * width>(turned),
                                              there);
            Net::template layer<I - 1>::template gate<Samples>(activity<I - 1, Samples>(workspace),
                                                               {}, there);
        }
        const auto role = I == top ? SynapseRole::output : SynapseRole::hidden;
        const float step =
            Rule::width_factor(L::fan_in) * Base::template step_size<I>(genome, role, progress);
        tdca::detail::NoDeltas none;
        tdca::detail::learn<Rule, L, Samples>(
            Rule::change(state.constants, state.age, step), below<I, Samples>(in, workspace),
            std::span<const float, Samples * outputs>(here), {}, none, std::get<I>(state.traces),
            std::get<I>(state.params));
    }
};

}  // namespace tdca::baseline
