// Network: a stack of layers bound to each other's shapes at compile time.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

#include "tdca/bottom_up/relay_in_parts.hpp"
#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/field.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// The shape of one sample, at the bottom of a network: `Input<784>`, `Input<1, 28, 28>`.
template <std::size_t... Extents>
struct Input {
    static_assert(((Extents > 0) && ...), "every extent of an input is at least 1");
    using shape = Shape<Extents...>;
};

namespace detail {

/// Binds each layer to the output shape of the one below.
template <class Scalar, StaticShape In, class... Specs>
struct Bind {
    using type = std::tuple<>;
};

template <class Scalar, StaticShape In, class Spec, class... Above>
struct Bind<Scalar, In, Spec, Above...> {
    static_assert(Layer<Spec, Scalar, In> || tell_what_a_layer_lacks_here<Spec, Scalar, In>(),
                  "this is no layer on the output shape of the layer below it: it lacks what is "
                  "named above, or its Bound refuses that shape; see tdca/concepts/layer.hpp for "
                  "what a layer must offer");
    using bound = typename Spec::template Bound<Scalar, In>;
    using type = decltype(std::tuple_cat(
        std::declval<std::tuple<bound>>(),
        std::declval<typename Bind<Scalar, typename bound::output_shape, Above...>::type>()));
};

}  // namespace detail

/// A bottom-up network: a description of shapes and functions that owns nothing.
///
/// Parameters, activities and eligibilities are objects of the caller's, of the types named here;
/// they are large, so keep them on the heap. Layer 0 is the one above the input.
///
/// @tparam Scalar `float` through the alias @ref Network
/// @tparam In `Input<…>`
/// @tparam Layers layer specifications, bottom to top
template <class Scalar, class In, class... Layers>
class BasicNetwork {
    static_assert(
        requires { typename In::shape; }, "a network begins with its Input");
    static_assert(sizeof...(Layers) > 0, "a network needs at least one layer above its input");

    using Bounds = typename detail::Bind<Scalar, typename In::shape, Layers...>::type;

    template <class Tuple>
    struct Types;
    template <class... Bound>
    struct Types<std::tuple<Bound...>> {
        using Params = std::tuple<typename Bound::Params...>;
        template <class T, std::size_t Samples>
        using LayerField = Field<T, Samples, typename Bound::output_shape...>;
        template <std::size_t Samples>
        using Eligibilities = std::tuple<typename Bound::template Eligibility<Samples>...>;
        static constexpr std::size_t parameters = (std::size_t{0} + ... + Bound::Params::count);
    };

public:
    using scalar = Scalar;

    /// Layer `Index`, bound.
    template <std::size_t Index>
    using layer = std::tuple_element_t<Index, Bounds>;

    /// Number of layers.
    static constexpr std::size_t depth = sizeof...(Layers);
    /// Which layer of the whole network layer 0 is: a @ref NetworkPart may begin higher up.
    static constexpr std::size_t first_layer = 0;
    /// Number of parameters, all layers together.
    static constexpr std::size_t parameter_count = Types<Bounds>::parameters;

    using input_shape = typename In::shape;
    using output_shape = typename layer<depth - 1>::output_shape;

    /// One parameter block per layer; also the type of traces and deltas.
    using Params = typename Types<Bounds>::Params;
    /// One tensor per layer, `Samples` × its output shape.
    template <std::size_t Samples>
    using Activities = typename Types<Bounds>::template LayerField<Scalar, Samples>;
    /// What each layer's forward pass leaves for its own update.
    template <std::size_t Samples>
    using Eligibilities = typename Types<Bounds>::template Eligibilities<Samples>;

    /// Calls `visit(std::integral_constant<std::size_t, i>)` for each layer, bottom to top.
    template <class Visitor>
    static constexpr void for_each_layer(Visitor&& visit) {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            (visit(std::integral_constant<std::size_t, Index>{}), ...);
        }(std::make_index_sequence<depth>{});
    }

    /// Whether layer `Index` has synapses: what has none relays credit, and learns nothing.
    template <std::size_t Index>
    static constexpr bool has_synapses = layer<Index>::Params::count != 0;

    /// Number of layers with synapses among the first `Count`.
    template <std::size_t Count = depth>
    static constexpr std::size_t synaptic_layers =
        []<std::size_t... Index>(std::index_sequence<Index...>) {
            return (std::size_t{0} + ... + (has_synapses<Index> ? 1 : 0));
        }(std::make_index_sequence<Count>{});

    /// Whether credit is assigned to the output of hidden layer `Index`: the next one has synapses,
    /// and it or one below has.
    template <std::size_t Index>
    static constexpr bool receives_credit = [] {
        if constexpr (Index + 1 >= depth) {
            return false;
        } else {
            return has_synapses<Index + 1> && synaptic_layers<Index + 1> > 0;
        }
    }();

    /// Where layer `Index` stands: 1 at the top, 1 / n for the first of n layers with synapses.
    template <std::size_t Index>
    static constexpr float relative_depth =
        static_cast<float>(synaptic_layers<Index + 1>) / static_cast<float>(synaptic_layers<>);

    /// How much deeper than ten layers with synapses it is: ln(layers / 10), 0 up to ten.
    [[nodiscard]] static float log_depth() noexcept {
        return synaptic_layers<> <= 10 ? 0.0F
                                       : std::log(static_cast<float>(synaptic_layers<>) / 10.0F);
    }

    /// Fresh parameters: layer i is born from `key / i`. What a broken life left in the gaps goes.
    static void initialize(Params& params, Key key) {
        for_each_layer([&](auto i) {
            std::ranges::fill(std::get<i>(params).flat(), Scalar{0});
            layer<i>::initialize(std::get<i>(params), key / i);
        });
    }

    /// Whether no parameter is NaN or infinite.
    [[nodiscard]] static bool all_finite(const Params& params) noexcept {
        return std::apply(
            [](const auto&... layers) { return (simd::all_finite(layers.flat()) && ...); }, params);
    }

    /// Runs a batch from the input to the top. Allocates nothing.
    ///
    /// @param in `Samples` × input, row-major
    template <std::size_t Samples>
    static void forward(const Params& params,
                        std::span<const Scalar, Samples * input_shape::size> in,
                        Activities<Samples>& activities,
                        Eligibilities<Samples>& eligibilities) noexcept {
        for_each_layer(
            [&](auto i) { forward_layer<i, Samples>(params, in, activities, eligibilities); });
    }

    /// Layer `Index`'s part of @ref forward, once the layer below has done its own.
    template <std::size_t Index, std::size_t Samples>
    static void forward_layer(const Params& params,
                              std::span<const Scalar, Samples * input_shape::size> in,
                              Activities<Samples>& activities,
                              Eligibilities<Samples>& eligibilities) noexcept {
        layer<Index>::template forward<Samples>(
            std::get<Index>(params), below<Index, Samples>(in, activities),
            activities.template get<Index>(), std::get<Index>(eligibilities));
    }

    /// As @ref forward, for a batch that will be learned from: layers leave their traces, and those
    /// that draw noise draw it from `key / i`.
    template <std::size_t Samples>
    static void forward_training(const Params& params,
                                 std::span<const Scalar, Samples * input_shape::size> in,
                                 Activities<Samples>& activities,
                                 Eligibilities<Samples>& eligibilities, Key key) noexcept {
        for_each_layer([&](auto i) {
            forward_layer_training<i, Samples>(params, in, activities, eligibilities, key);
        });
    }

    /// Layer `Index`'s part of @ref forward_training, once the layer below has done its own.
    template <std::size_t Index, std::size_t Samples>
    static void forward_layer_training(const Params& params,
                                       std::span<const Scalar, Samples * input_shape::size> in,
                                       Activities<Samples>& activities,
                                       Eligibilities<Samples>& eligibilities, Key key) noexcept {
        if constexpr (TrainingLayer<layer<Index>>) {
            layer<Index>::template forward_training<Samples>(
                std::get<Index>(params), below<Index, Samples>(in, activities),
                activities.template get<Index>(), std::get<Index>(eligibilities), key / Index);
        } else {
            forward_layer<Index, Samples>(params, in, activities, eligibilities);
        }
    }

    /// Layers that remember forget: the next step is the first of a sequence.
    template <std::size_t Samples>
    static void begin_sequence(Eligibilities<Samples>& eligibilities) noexcept {
        for_each_layer([&](auto i) {
            if constexpr (SteppingLayer<layer<i>> || StatefulLayer<layer<i>>) {
                layer<i>::template begin_sequence<Samples>(std::get<i>(eligibilities));
            }
        });
    }

    /// As @ref forward, on the next step of each sequence: layers that remember go on.
    template <std::size_t Samples>
    static void forward_step(const Params& params,
                             std::span<const Scalar, Samples * input_shape::size> in,
                             Activities<Samples>& activities,
                             Eligibilities<Samples>& eligibilities) noexcept {
        for_each_layer([&](auto i) {
            if constexpr (SteppingLayer<layer<i>>) {
                layer<i>::template forward_step<Samples>(
                    std::get<i>(params), below<i, Samples>(in, activities),
                    activities.template get<i>(), std::get<i>(eligibilities));
            } else {
                forward_layer<i, Samples>(params, in, activities, eligibilities);
            }
        });
    }

    /// As @ref forward_step, for a step that may be learned from.
    template <std::size_t Samples>
    static void forward_step_training(const Params& params,
                                      std::span<const Scalar, Samples * input_shape::size> in,
                                      Activities<Samples>& activities,
                                      Eligibilities<Samples>& eligibilities, Key key) noexcept {
        for_each_layer([&](auto i) {
            if constexpr (SteppingLayer<layer<i>>) {
                layer<i>::template forward_step_training<Samples>(
                    std::get<i>(params), below<i, Samples>(in, activities),
                    activities.template get<i>(), std::get<i>(eligibilities), key / i);
            } else {
                forward_layer_training<i, Samples>(params, in, activities, eligibilities, key);
            }
        });
    }

    /// From a layer that has received credit to the neurons whose synapses learn from it: through
    /// the relays between, and times the neurons' own slopes.
    template <std::size_t Index, std::size_t Samples>
    static void relay(const Activities<Samples>& activities,
                      const Eligibilities<Samples>& eligibilities,
                      Activities<Samples>& credits) noexcept {
        const auto out = activities.template get<Index>();
        const auto& eligibility = std::get<Index>(eligibilities);
        const auto credit = credits.template get<Index>();
        if constexpr (has_synapses<Index>) {
            layer<Index>::template gate<Samples>(out, eligibility, credit);
        } else if constexpr (RelayInParts<layer<Index>, layer<Index - 1>, Samples>::is_possible) {
            RelayInParts<layer<Index>, layer<Index - 1>, Samples>::run(
                activities.template get<Index - 1>(), out, credit,
                credits.template get<Index - 1>());
        } else {
            layer<Index>::template relay<Samples>(
                activities.template get<Index - 1>(), out, eligibility,
                std::span<const Scalar, decltype(credit)::extent>(credit),
                credits.template get<Index - 1>());
            relay<Index - 1, Samples>(activities, eligibilities, credits);
        }
    }

    /// What layer `Index` reads: the input, or the activity of the layer below.
    template <std::size_t Index, std::size_t Samples>
    static auto below(std::span<const Scalar, Samples * input_shape::size> in,
                      const Activities<Samples>& activities) noexcept {
        if constexpr (Index == 0) {
            return in;
        } else {
            return activities.template get<Index - 1>();
        }
    }
};

/// A bottom-up network of single precision.
template <class In, class... Layers>
using Network = BasicNetwork<float, In, Layers...>;

}  // namespace tdca
