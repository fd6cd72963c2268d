// Embedding: a vector of its own for each token.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "tdca/bottom_up/initializers.hpp"
#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// Looks tokens up: out[t] = W[in[t]], where a token is a number from 0 to `Vocabulary` − 1.
///
/// Tokens are held as the floats that every layer reads, so a network begins `Input<tokens>,
/// Embedding<Vocabulary, Width>`; leave them as they are, not standardised. A row's synapses learn
/// where their token stands, at every place of it:
///   ΔW[v, k] = mean over samples of Σ_t [in[t] = v] credit[t, k].
///
/// A token that is no whole number is taken for the nearest. One out of range never reads outside
/// of W: what is below 0, and NaN, is taken for token 0, what is above for `Vocabulary` − 1.
///
/// Shapes: in any extents, tokens; out the same extents × `Width`; W `Vocabulary` × `Width`, born
/// N(0, 1). O(tokens · Width) a sample for `forward` and `correlate`, and O(Vocabulary · Width) a
/// batch for the latter, which writes the rows of absent tokens too. Allocates nothing.
///
/// @tparam Vocabulary number of tokens
/// @tparam Width numbers that stand for a token
template <std::size_t Vocabulary, std::size_t Width>
struct Embedding {
    static_assert(Vocabulary > 0 && Width > 0,
                  "an embedding needs at least one token, and one number for each");
    static_assert(Vocabulary <= (std::size_t{1} << 24U),
                  "a float counts to 2^24: an embedding of more tokens could not tell them apart");

    template <class Scalar, class InputShape>
    struct Bound;

    /// The layer on tokens in this arrangement.
    template <class Scalar, std::size_t... Extents>
    struct Bound<Scalar, Shape<Extents...>> {
        static constexpr std::size_t tokens = Shape<Extents...>::size;  ///< of a sample
        /// Of all synapses of a neuron, one is active at a time.
        static constexpr std::size_t fan_in = 1;

        using input_shape = Shape<Extents...>;
        using output_shape = Shape<Extents..., Width>;
        using Params = Parameters<Scalar, Parameter<"weights", Shape<Vocabulary, Width>>>;
        template <std::size_t Samples>
        using Eligibility = NoEligibility;

        static void initialize(Params& params, Key key) noexcept {
            ScaledNormal::fill(std::span<Scalar>(params.template get<"weights">()), fan_in, Width,
                               key);
        }

        template <std::size_t Samples>
        static void forward(const Params& params, std::span<const Scalar, Samples * tokens> in,
                            std::span<Scalar, Samples * tokens * Width> out,
                            NoEligibility& /*eligibility*/) noexcept {
            const auto weights = params.template get<"weights">();
            for (std::size_t t = 0; t < Samples * tokens; ++t) {
                std::ranges::copy(at(weights, row(in[t])), at(out, t).begin());
            }
        }

        template <std::size_t Samples>
        static void correlate(std::span<const Scalar, Samples * tokens> in,
                              std::span<const Scalar, Samples * tokens * Width> credit,
                              const NoEligibility& /*eligibility*/, Params& delta) noexcept {
            constexpr Scalar share = Scalar{1} / static_cast<Scalar>(Samples);
            const auto rows = delta.template get<"weights">();
            std::ranges::fill(delta.flat(), Scalar{0});
            for (std::size_t t = 0; t < Samples * tokens; ++t) {
                const auto told = at(credit, t);
                const auto own = at(rows, row(in[t]));
                if constexpr (Width % lanes<Scalar> == 0) {
                    simd::axpy(share, told, own);
                } else {
                    // Packs across two cache lines: a token's next place waits for their store.
                    for (std::size_t k = 0; k < Width; ++k) own[k] += share * told[k];
                }
            }
        }

        /// A row is read as it is: there is no slope.
        template <std::size_t Samples>
        static void gate(std::span<const Scalar, Samples * tokens * Width> /*out*/,
                         const NoEligibility& /*eligibility*/,
                         std::span<Scalar, Samples * tokens * Width> /*credit*/) noexcept {}

    private:
        /// Row `index` of a matrix of `Width` columns.
        template <class T, std::size_t Extent>
        static std::span<T, Width> at(std::span<T, Extent> matrix, std::size_t index) noexcept {
            return std::span<T, Width>(matrix.data() + index * Width, Width);
        }

        static std::size_t row(Scalar token) noexcept {
            constexpr auto last = static_cast<Scalar>(Vocabulary - 1);
            if (!(token > Scalar{0})) return 0;  // NaN is not greater either
            return token < last ? static_cast<std::size_t>(token + Scalar{0.5}) : Vocabulary - 1;
        }
    };
};

}  // namespace tdca
