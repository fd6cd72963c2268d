// IntegerLearner: a network of bytes that learns by credits in bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/integer/classify.hpp"
#include "tdca/integer/dense.hpp"
#include "tdca/integer/plan.hpp"
#include "tdca/integer/rounding.hpp"

namespace tdca::inline TDCA_ABI {

/// A multilayer perceptron in bytes, ReLU below and classes on top, that learns by credits: those
/// of hidden layers come through feedback weights of their own, drawn at birth, from the top's
/// errors and the layer's own guess, as in @ref LocalPrediction; feedback weights learn in place.
/// No weight is read to compute another layer's credit, no instruction works on floating-point
/// numbers, and same key, same bits, on any machine.
///
/// Memory: a byte for each weight and a byte for what it remembers, and a byte for each activity
/// and credit of a minibatch.
///
/// @tparam Inputs, Widths numbers of a sample, neurons of each layer; the last are the classes
template <std::size_t Inputs, std::size_t... Widths>
struct IntegerLearner {
    static constexpr std::size_t depth = sizeof...(Widths);  ///< layers
    static_assert(depth >= 2, "a network in bytes has a hidden layer and an output layer");
    static constexpr std::size_t inputs = Inputs;
    static constexpr std::array<std::size_t, depth + 1> sizes{
        Inputs, Widths...};  ///< neurons, inputs first
    static constexpr std::size_t classes = sizes[depth];
    using Plan = IntegerPlan<depth>;  ///< of a life

private:
    static constexpr std::size_t top = depth - 1;

    template <class Index>
    struct Types;
    template <std::size_t... I>
    struct Types<std::index_sequence<I...>> {
        using Params = std::tuple<typename IntegerDense<sizes[I], sizes[I + 1]>::Params...>;
        using Traces = std::tuple<typename IntegerDense<sizes[I], sizes[I + 1]>::Traces...>;
        template <std::size_t Samples>
        using Bytes = std::tuple<std::array<std::int8_t, Samples * sizes[I + 1]>...>;
    };
    template <class Index>
    struct Pathways;
    template <std::size_t... I>
    struct Pathways<std::index_sequence<I...>> {
        using Params = std::tuple<typename IntegerDense<sizes[I + 1], classes, false>::Params...>;
        using Traces = std::tuple<typename IntegerDense<sizes[I + 1], classes, false>::Traces...>;
    };
    using Layers = Types<std::make_index_sequence<depth>>;
    using Feedback = Pathways<std::make_index_sequence<depth - 1>>;
    template <std::size_t I>
    using Layer = IntegerDense<sizes[I], sizes[I + 1]>;
    template <std::size_t I>
    using Pathway = IntegerDense<sizes[I + 1], classes, false>;

    /// The widest layer from layer `first` of sizes on.
    static constexpr std::size_t widest_from(std::size_t first) {
        std::size_t most = 0;
        for (std::size_t i = first; i <= depth; ++i) most = sizes[i] > most ? sizes[i] : most;
        return most;
    }
    static constexpr std::size_t widest = widest_from(0);
    static constexpr std::size_t widest_neurons = widest_from(1);

public:
    /// The network: weights, and what makes activities of a layer's sums.
    struct Params {
        typename Layers::Params layers;    ///< weights, and what rounding left of them
        std::array<Multiplier, depth> up;  ///< from sums to activities, by layer

        /// Its parts, in the order in which @ref write_bytes keeps them.
        static constexpr auto members(auto& params) noexcept {
            return std::tie(params.layers, params.up);
        }
    };

    /// One lifetime's memory.
    struct State {
        Params params;
        typename Layers::Traces traces;
        typename Feedback::Params feedback;  ///< weights, by hidden layer
        typename Feedback::Traces feedback_traces;
        std::uint32_t age = 0;  ///< updates done, as far as it counts
        SmallKey key;           ///< of all that is drawn

        /// Its parts, in the order in which @ref write_bytes keeps them.
        static constexpr auto members(auto& state) noexcept {
            return std::tie(state.params, state.traces, state.feedback, state.feedback_traces,
                            state.age, state.key);
        }
    };

    /// One update's scratch.
    template <std::size_t Samples>
    struct Workspace {
        typename Layers::template Bytes<Samples> activities;       ///< the top's are not used
        std::array<std::int8_t, Samples * classes> errors;         ///< e
        std::array<std::int8_t, Samples * classes> lesson;         ///< λ of one layer
        std::array<std::int8_t, Samples * classes> sent;           ///< ε of one layer
        std::array<std::int8_t, Samples * widest_neurons> credit;  ///< of one layer
        std::array<std::int32_t, widest + 1> row;                  ///< of one neuron
    };

    /// A new life.
    static void begin(const Plan& plan, SmallKey key, State& state) noexcept {
        state.params.up = plan.up;
        state.age = 0;
        state.key = key / 1U;
        const SmallKey births = key / 0U;
        for_each_layer([&](auto i) {
            Layer<i>::forget(std::get<i>(state.traces));
            if constexpr (i < top) {
                Layer<i>::draw(births / (3U * i), plan.births[0], std::get<i>(state.params.layers));
                Pathway<i>::draw(births / (3U * i + 1U), plan.births[1],
                                 std::get<i>(state.feedback));
                Pathway<i>::forget(std::get<i>(state.feedback_traces));
            }
        });
        // The output layer is wired along the last hidden layer's feedback.
        constexpr std::size_t width = sizes[top];
        auto& output = std::get<top>(state.params.layers).weights;
        const auto& wires = std::get<top - 1>(state.feedback).weights;
        for (std::size_t c = 0; c < classes; ++c) {
            for (std::size_t j = 0; j < width; ++j) {
                output[c * (width + 1) + j] =
                    to_byte(round_shift(wires[c * width + j] * plan.output_birth, 8));
            }
            output[c * (width + 1) + width] = 0;
        }
    }

    /// Answers, in 2⁻⁴ nats: the largest is the most probable class.
    template <std::size_t Samples>
    static void answer(const Params& params, std::span<const std::int8_t, Samples * Inputs> in,
                       Workspace<Samples>& workspace,
                       std::span<std::int32_t, Samples * classes> answers) noexcept {
        for_each_layer([&](auto i) { run<i, Samples>(params, in, workspace, answers); });
    }

    /// One update on one minibatch.
    ///
    /// @param in `Samples` × inputs
    /// @param labels one for each sample, below the number of classes
    template <std::size_t Samples>
    static void update(const Plan& plan, std::span<const std::int8_t, Samples * Inputs> in,
                       std::span<const std::uint16_t, Samples> labels, State& state,
                       Workspace<Samples>& workspace) noexcept {
        // The answers are needed until their errors are known, the row after that.
        std::array<std::int32_t, Samples * classes> answers;
        answer<Samples>(std::as_const(state.params), in, workspace, answers);
        for (std::size_t s = 0; s < Samples; ++s) {
            class_errors<classes>(
                std::span<const std::int32_t, classes>(&answers[s * classes], classes), labels[s],
                std::span<std::int8_t, classes>(&workspace.errors[s * classes], classes));
        }
        const SmallKey key = state.key / state.age;
        for_each_layer([&](auto i) {
            if constexpr (i < top)
                learn_hidden<i, Samples>(plan, key, in, labels, state, workspace);
        });
        centre<Samples, classes>(plan.centring[1], workspace.errors);
        Layer<top>::template learn<Samples>(plan.step(top, 1, state.age), key / (3U * top),
                                            std::get<top - 1>(std::as_const(workspace.activities)),
                                            workspace.errors, row<Layer<top>>(workspace),
                                            std::get<top>(state.traces),
                                            std::get<top>(state.params.layers));
        detail::grow_older(key, state.age, state.key);
    }

protected:
    // Of who brings credit of its own.
    /// Calls `visit(std::integral_constant<std::size_t, i>)` for each layer, bottom to top.
    template <class Visitor>
    static constexpr void for_each_layer(Visitor&& visit) {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (visit(std::integral_constant<std::size_t, I>{}), ...);
        }(std::make_index_sequence<depth>{});
    }

    /// The sums of one neuron's synapses.
    template <class L, class Scratch>
    static std::span<std::int32_t, L::fan_in> row(Scratch& workspace) noexcept {
        return std::span<std::int32_t, L::fan_in>(workspace.row.data(), L::fan_in);
    }

    /// What layer `I` reads.
    template <std::size_t I, std::size_t Samples>
    static auto below(std::span<const std::int8_t, Samples * Inputs> in,
                      const Workspace<Samples>& workspace) noexcept {
        if constexpr (I == 0) {
            return in;
        } else {
            return std::span<const std::int8_t, Samples * sizes[I]>(
                std::get<I - 1>(workspace.activities));
        }
    }

    /// Every layer, bottom to top.
    template <std::size_t I, std::size_t Samples>
    static void run(const Params& params, std::span<const std::int8_t, Samples * Inputs> in,
                    Workspace<Samples>& workspace,
                    std::span<std::int32_t, Samples * classes> answers) noexcept {
        constexpr std::size_t width = sizes[I + 1];
        const auto seen = below<I, Samples>(in, workspace);
        for (std::size_t s = 0; s < Samples; ++s) {
            std::array<std::int32_t, width> sums;
            Layer<I>::forward(std::get<I>(params.layers),
                              std::span<const std::int8_t, sizes[I]>(&seen[s * sizes[I]], sizes[I]),
                              sums);
            for (std::size_t j = 0; j < width; ++j) {
                const std::int32_t value = params.up[I](sums[j]);
                if constexpr (I == top) {
                    answers[s * classes + j] = value;
                } else {
                    std::get<I>(workspace.activities)[s * width + j] =
                        to_byte(value < 0 ? 0 : value);
                }
            }
        }
    }

    /// A hidden layer's guess, credit and learning: what its feedback learns, too.
    template <std::size_t I, std::size_t Samples>
    static void learn_hidden(const Plan& plan, SmallKey key,
                             std::span<const std::int8_t, Samples * Inputs> in,
                             std::span<const std::uint16_t, Samples> labels, State& state,
                             Workspace<Samples>& workspace) noexcept {
        constexpr std::size_t width = sizes[I + 1];
        const auto& activity = std::get<I>(std::as_const(workspace.activities));
        auto& feedback = std::get<I>(state.feedback);
        const SmallKey rounding = key / (3U * I + 2U);
        for (std::size_t s = 0; s < Samples; ++s) {
            const std::span<const std::int8_t, width> active(&activity[s * width], width);
            std::array<std::int32_t, classes> sums;
            Pathway<I>::forward(feedback, active, sums);
            for (std::int32_t& sum : sums) sum = plan.guess[I](sum);
            std::array<std::int8_t, classes> local;
            class_errors<classes>(sums, labels[s], local);
            std::int8_t* const sent = &workspace.sent[s * classes];
            for (std::size_t c = 0; c < classes; ++c) {
                const std::int32_t error = workspace.errors[s * classes + c];
                const std::int32_t gap = local[c] - error;
                sent[c] = to_byte(error + round_shift(gap * plan.trust[I], 8));
                workspace.lesson[s * classes + c] =
                    to_byte(error + round_shift(gap * plan.lesson[I], 8));
            }
            std::array<std::int32_t, width> credit;
            Pathway<I>::backward(feedback, std::span<const std::int8_t, classes>(sent, classes),
                                 credit);
            for (std::size_t j = 0; j < width; ++j) {
                const auto place = static_cast<std::uint32_t>(s * width + j);
                workspace.credit[place] =
                    active[j] > 0 ? to_byte(round_by_chance(credit[j], 6, rounding.word(place)))
                                  : std::int8_t{0};
            }
        }
        centre<Samples, classes>(plan.centring[1], workspace.lesson);
        Pathway<I>::template learn<Samples>(plan.step(I, 2, state.age), key / (3U * I + 1U),
                                            activity, workspace.lesson, row<Pathway<I>>(workspace),
                                            std::get<I>(state.feedback_traces), feedback);
        const std::span<std::int8_t, Samples * width> credit(workspace.credit.data(),
                                                             Samples * width);
        centre<Samples, width>(plan.centring[0], credit);
        Layer<I>::template learn<Samples>(
            plan.step(I, 0, state.age), key / (3U * I), below<I, Samples>(in, workspace), credit,
            row<Layer<I>>(workspace), std::get<I>(state.traces), std::get<I>(state.params.layers));
    }

    /// Takes most of a column's mean from it: what a minibatch has in common.
    template <std::size_t Samples, std::size_t Width>
    static void centre(std::int32_t share, std::span<std::int8_t, Samples * Width> rows) noexcept {
        for (std::size_t j = 0; j < Width; ++j) {
            std::int32_t sum = 0;
            for (std::size_t s = 0; s < Samples; ++s) sum += rows[s * Width + j];
            const std::int32_t mean =
                round_shift(sum * share / static_cast<std::int32_t>(Samples), 8);
            if (mean == 0) continue;
            for (std::size_t s = 0; s < Samples; ++s) {
                rows[s * Width + j] = to_byte(rows[s * Width + j] - mean);
            }
        }
    }
};

}  // namespace tdca
