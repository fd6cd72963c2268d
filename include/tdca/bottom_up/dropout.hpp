// Dropout: neurons that are silent now and then while a network learns.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// Silences each neuron with probability p = `Percent` / 100, anew for each sample of each update,
/// and makes up for it in the others (Srivastava et al., JMLR 15, 2014):
///   out = m in,   m = 0 or 1 / (1 − p);   credit of in = m credit of out.
/// Where nothing is to be learned, out = in. The same key silences the same neurons.
template <std::size_t Percent>
struct Dropout {
    static_assert(Percent < 100, "dropout silences less than 100 % of the neurons");

    /// The layer on inputs of this shape.
    template <class Scalar, class InputShape>
    struct Bound {
        static constexpr std::size_t neurons = InputShape::size;  ///< in and out
        /// p.
        static constexpr Scalar probability = static_cast<Scalar>(Percent) / Scalar{100};

        using input_shape = InputShape;
        using output_shape = InputShape;
        using Params = Parameters<Scalar>;
        /// Who was silent.
        template <std::size_t Samples>
        struct Eligibility {
            alignas(alignment) std::array<Scalar, Samples * neurons> mask;  ///< m
        };

        static void initialize(Params& /*params*/, Key /*key*/) noexcept {}

        template <std::size_t Samples>
        static void forward(const Params& /*params*/, std::span<const Scalar, Samples * neurons> in,
                            std::span<Scalar, Samples * neurons> out,
                            Eligibility<Samples>& /*eligibility*/) noexcept {
            std::ranges::copy(in, out.begin());
        }

        /// While the network learns: some are silent.
        template <std::size_t Samples>
        static void forward_training(const Params& /*params*/,
                                     std::span<const Scalar, Samples * neurons> in,
                                     std::span<Scalar, Samples * neurons> out,
                                     Eligibility<Samples>& eligibility, Key key) noexcept {
            const std::span<Scalar, Samples * neurons> mask(eligibility.mask);
            key.fill_uniform(std::span<Scalar>(mask), Scalar{0}, Scalar{1});
            simd::map(
                mask,
                [](auto draw) {
                    using P = decltype(draw);
                    return simd::select(draw < P(probability), P(0),
                                        P(Scalar{1} / (Scalar{1} - probability)));
                },
                mask);
            simd::map(
                out, [](auto activity, auto m) { return activity * m; }, in, mask);
        }

        /// Hands credit down, as a @ref RelayLayer does.
        template <std::size_t Samples>
        static void relay(std::span<const Scalar, Samples * neurons> /*in*/,
                          std::span<const Scalar, Samples * neurons> /*out*/,
                          const Eligibility<Samples>& eligibility,
                          std::span<const Scalar, Samples * neurons> credit,
                          std::span<Scalar, Samples * neurons> below) noexcept {
            simd::map(
                below, [](auto c, auto m) { return c * m; }, credit, eligibility.mask);
        }
    };
};

}  // namespace tdca
