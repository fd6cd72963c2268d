// IntegerBackprop: backpropagation in the same bytes as `IntegerLearner`, the thing to beat there.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tdca/integer/classify.hpp"
#include "tdca/integer/dense.hpp"
#include "tdca/integer/learner.hpp"
#include "tdca/integer/plan.hpp"
#include "tdca/integer/rounding.hpp"

namespace tdca::baseline {

/// The exact error of each layer, through the weights in bytes above it and as if rounding were not
/// there (straight-through estimators: Bengio, Léonard & Courville, arXiv:1308.3432), rounded by
/// chance to bytes itself; then the same sums, running means and steps as `IntegerLearner`, by the
/// same genes: what differs is where credit comes from. Errors are scaled to bytes by the largest
/// of the layer (block scaling by a power of two, as in NITI: Wang et al., arXiv:2009.13108), which
/// a layer's deeper errors need.
template <std::size_t Inputs, std::size_t... Widths>
struct IntegerBackprop : IntegerLearner<Inputs, Widths...> {
    using Base = IntegerLearner<Inputs, Widths...>;
    using Base::classes;
    using Base::depth;
    using Base::sizes;
    using typename Base::Params;
    using typename Base::Plan;

private:
    static constexpr std::size_t top = depth - 1;
    template <std::size_t I>
    using Layer = IntegerDense<sizes[I], sizes[I + 1]>;

    template <class Index>
    struct Types;
    template <std::size_t... I>
    struct Types<std::index_sequence<I...>> {
        using Traces = std::tuple<typename Layer<I>::Traces...>;
        template <std::size_t Samples>
        using Credits = std::tuple<std::array<std::int8_t, Samples * sizes[I + 1]>...>;
    };
    using Layers = Types<std::make_index_sequence<depth>>;

public:
    struct State {
        Params params;
        typename Layers::Traces traces;
        std::uint32_t age = 0;
        SmallKey key;
    };
    template <std::size_t Samples>
    struct Workspace : Base::template Workspace<Samples> {
        typename Layers::template Credits<Samples> credits;
    };

    static void begin(const Plan& plan, SmallKey key, State& state) noexcept {
        state.params.up = plan.up;
        state.age = 0;
        state.key = key / 1U;
        Base::for_each_layer([&](auto i) {
            Layer<i>::forget(std::get<i>(state.traces));
            Layer<i>::draw(key / 0U / (3U * i),
                           i < top ? plan.births[0] : plan.births[0] * plan.output_birth / 256,
                           std::get<i>(state.params.layers));
        });
    }

    template <std::size_t Samples>
    static void update(const Plan& plan, std::span<const std::int8_t, Samples * Inputs> in,
                       std::span<const std::uint16_t, Samples> labels, State& state,
                       Workspace<Samples>& workspace) noexcept {
        std::array<std::int32_t, Samples * classes> answers;
        Base::template answer<Samples>(std::as_const(state.params), in, workspace, answers);
        auto& errors = std::get<top>(workspace.credits);
        for (std::size_t s = 0; s < Samples; ++s) {
            class_errors<classes>(
                std::span<const std::int32_t, classes>(&answers[s * classes], classes), labels[s],
                std::span<std::int8_t, classes>(&errors[s * classes], classes));
        }
        const SmallKey key = state.key / state.age;
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (descend<top - 1 - I, Samples>(key, state.params, workspace), ...);
        }(std::make_index_sequence<top>{});
        Base::for_each_layer([&](auto i) {
            constexpr std::size_t width = sizes[i + 1];
            auto& credit = std::get<i>(workspace.credits);
            Base::template centre<Samples, width>(plan.centring[i < top ? 0 : 1], credit);
            Layer<i>::template learn<Samples>(
                plan.step(i, i < top ? 0 : 1, state.age), key / (3U * i),
                Base::template below<i, Samples>(in, workspace), credit,
                Base::template row<Layer<i>>(workspace), std::get<i>(state.traces),
                std::get<i>(state.params.layers));
        });
        detail::grow_older(key, state.age, state.key);
    }

private:
    /// Layer `I`'s credit from that of the layer above, through the weights between.
    template <std::size_t I, std::size_t Samples>
    static void descend(SmallKey key, const Params& params,
                        Workspace<Samples>& workspace) noexcept {
        constexpr std::size_t width = sizes[I + 1];
        constexpr std::size_t above = sizes[I + 2];
        const auto& activity = std::get<I>(std::as_const(workspace.activities));
        const auto& upper = std::get<I + 1>(std::as_const(workspace.credits));
        auto& credit = std::get<I>(workspace.credits);
        const SmallKey rounding = key / (3U * I + 2U);
        // Twice: once for the largest, once to scale by it. No memory for wide sums is needed.
        std::int32_t largest = 0;
        unsigned bits = 0;
        for (const bool is_scaling : {false, true}) {
            for (std::size_t s = 0; s < Samples; ++s) {
                std::array<std::int32_t, width> errors{};
                for (std::size_t o = 0; o < above; ++o) {
                    const std::int32_t error = upper[s * above + o];
                    if (error == 0) continue;
                    const std::int8_t* const row =
                        &std::get<I + 1>(params.layers).weights[o * (width + 1)];
                    for (std::size_t j = 0; j < width; ++j) errors[j] += error * row[j];
                }
                for (std::size_t j = 0; j < width; ++j) {
                    const std::size_t place = s * width + j;
                    const std::int32_t error = activity[place] > 0 ? errors[j] : 0;
                    if (!is_scaling) {
                        const std::int32_t size = error < 0 ? -error : error;
                        largest = size > largest ? size : largest;
                    } else {
                        credit[place] = to_byte(round_by_chance(
                            error, bits, rounding.word(static_cast<std::uint32_t>(place))));
                    }
                }
            }
            while ((largest >> bits) > 127) ++bits;
        }
    }
};

}  // namespace tdca::baseline
