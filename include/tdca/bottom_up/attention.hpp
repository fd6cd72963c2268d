// SelfAttention: every token of a sequence looks at every other.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

#include "tdca/bottom_up/initializers.hpp"
#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/math/gemm.hpp"
#include "tdca/math/simd.hpp"
#include "tdca/math/softmax.hpp"

namespace tdca::inline TDCA_ABI {

/// One head of attention (Vaswani et al., arXiv:1706.03762) over the tokens of a sequence:
///   q = X W_q,  k = X W_k,  v = X W_v,  A = softmax_rows(q kᵀ / √Width),  out = A v.
///
/// Shapes: in tokens × features; out tokens × `Width`. The credit of a token's output c is told on
/// by activities alone, no weight is read:
///   to a value      Aᵀ c                          whoever was attended to
///   to a score      A ⊙ (c vᵀ − row sum of A ⊙ c vᵀ)   would more attention have been better?
///   to a query      score credit · k / √Width
///   to a key        score creditᵀ · q / √Width
/// and each projection's synapses change by those × the tokens that they see.
/// 2 · Samples · tokens · Width · (3 features + 2 tokens) FLOPs. Allocates nothing.
///
/// @tparam Width of queries, keys, values and of the output
template <std::size_t Width>
struct SelfAttention {
    template <class Scalar, class InputShape>
    struct Bound;

    /// The layer on sequences of this shape.
    template <class Scalar, std::size_t Tokens, std::size_t Features>
    struct Bound<Scalar, Shape<Tokens, Features>> {
        static constexpr std::size_t fan_in = Features;
        static constexpr std::size_t projected = Tokens * Width;  ///< numbers of a projection
        static constexpr std::size_t scores = Tokens * Tokens;    ///< of each token for each

        using input_shape = Shape<Tokens, Features>;
        using output_shape = Shape<Tokens, Width>;
        using Params = Parameters<Scalar, Parameter<"query", Shape<Features, Width>>,
                                  Parameter<"key", Shape<Features, Width>>,
                                  Parameter<"value", Shape<Features, Width>>>;

        /// What a forward pass leaves: activities, and who attended to whom.
        template <std::size_t Samples>
        struct Eligibility {
            alignas(alignment) std::array<Scalar, Samples * projected> query;   ///< q
            alignas(alignment) std::array<Scalar, Samples * projected> key;     ///< k
            alignas(alignment) std::array<Scalar, Samples * projected> value;   ///< v
            alignas(alignment) std::array<Scalar, Samples * scores> attention;  ///< A
        };

        static void initialize(Params& params, Key key) noexcept {
            ScaledNormal::fill(std::span<Scalar>(params.template get<"query">()), Features, Width,
                               key / 0);
            ScaledNormal::fill(std::span<Scalar>(params.template get<"key">()), Features, Width,
                               key / 1);
            ScaledNormal::fill(std::span<Scalar>(params.template get<"value">()), Features, Width,
                               key / 2);
        }

        template <std::size_t Samples>
        static void forward(const Params& params,
                            std::span<const Scalar, Samples * Tokens * Features> in,
                            std::span<Scalar, Samples * projected> out,
                            Eligibility<Samples>& e) noexcept {
            constexpr std::size_t rows = Samples * Tokens;
            multiply<rows, Features, Width>(in, params.template get<"query">(),
                                            std::span<Scalar, Samples * projected>(e.query));
            multiply<rows, Features, Width>(in, params.template get<"key">(),
                                            std::span<Scalar, Samples * projected>(e.key));
            multiply<rows, Features, Width>(in, params.template get<"value">(),
                                            std::span<Scalar, Samples * projected>(e.value));
            for (std::size_t s = 0; s < Samples; ++s) {
                const auto attention = part<scores>(e.attention, s);
                const auto turned = transposed<Tokens, Width>(part<projected>(e.key, s));
                multiply<Tokens, Width, Tokens>(part<projected>(std::as_const(e.query), s),
                                                std::span<const Scalar, projected>(turned),
                                                attention);
                simd::map(
                    attention, [](auto score) { return score * decltype(score)(scale()); },
                    attention);
                simd::softmax_rows<Tokens, Tokens>(attention);
                multiply<Tokens, Tokens, Width>(
                    std::span<const Scalar, scores>(attention),
                    part<projected>(std::as_const(e.value), s),
                    std::span<Scalar, projected>(out.subspan(s * projected, projected)));
            }
        }

        template <std::size_t Samples>
        static void correlate(std::span<const Scalar, Samples * Tokens * Features> in,
                              std::span<const Scalar, Samples * projected> credit,
                              const Eligibility<Samples>& e, Params& delta) noexcept {
            for (Scalar& value : delta.flat()) value = Scalar{0};
            for (std::size_t s = 0; s < Samples; ++s) {
                const std::span<const Scalar, Tokens * Features> tokens(
                    in.subspan(s * Tokens * Features, Tokens * Features));
                const std::span<const Scalar, projected> told(
                    credit.subspan(s * projected, projected));
                const auto attention = part<scores>(e.attention, s);

                const auto heard = transposed<Tokens, Tokens>(attention);
                add_synapses<Samples>(tokens, product<Tokens, Tokens, Width>(heard, told),
                                      delta.template get<"value">());

                const auto values = transposed<Tokens, Width>(part<projected>(e.value, s));
                auto better = product<Tokens, Width, Tokens>(told, values);
                for (std::size_t t = 0; t < Tokens; ++t) {
                    Scalar mean{0};
                    for (std::size_t u = 0; u < Tokens; ++u) {
                        mean += attention[t * Tokens + u] * better[t * Tokens + u];
                    }
                    for (std::size_t u = 0; u < Tokens; ++u) {
                        Scalar& score = better[t * Tokens + u];
                        score = scale() * attention[t * Tokens + u] * (score - mean);
                    }
                }
                add_synapses<Samples>(
                    tokens, product<Tokens, Tokens, Width>(better, part<projected>(e.key, s)),
                    delta.template get<"query">());
                add_synapses<Samples>(
                    tokens,
                    product<Tokens, Tokens, Width>(
                        transposed<Tokens, Tokens>(std::span<const Scalar, scores>(better)),
                        part<projected>(e.query, s)),
                    delta.template get<"key">());
            }
        }

        /// Attention weighs linearly: a neuron's slope is 1.
        template <std::size_t Samples>
        static void gate(std::span<const Scalar, Samples * projected> /*out*/,
                         const Eligibility<Samples>& /*eligibility*/,
                         std::span<Scalar, Samples * projected> /*credit*/) noexcept {}

    private:
        /// 1 / √Width: scores stay of one size at any width.
        static Scalar scale() noexcept { return Scalar{1} / std::sqrt(static_cast<Scalar>(Width)); }

        template <std::size_t Count>
        struct alignas(alignment) Block : std::array<Scalar, Count> {};

        /// Sample s's part of what `forward` left.
        template <std::size_t Count, std::size_t All>
        static std::span<Scalar, Count> part(std::array<Scalar, All>& all, std::size_t s) noexcept {
            return std::span<Scalar, Count>(all.data() + s * Count, Count);
        }
        template <std::size_t Count, std::size_t All>
        static std::span<const Scalar, Count> part(const std::array<Scalar, All>& all,
                                                   std::size_t s) noexcept {
            return std::span<const Scalar, Count>(all.data() + s * Count, Count);
        }

        template <std::size_t Rows, std::size_t Columns>
        static Block<Rows * Columns> transposed(
            std::span<const Scalar, Rows * Columns> matrix) noexcept {
            Block<Rows * Columns> turned;
            for (std::size_t r = 0; r < Rows; ++r) {
                for (std::size_t c = 0; c < Columns; ++c) {
                    turned[c * Rows + r] = matrix[r * Columns + c];
                }
            }
            return turned;
        }

        template <std::size_t Rows, std::size_t Inner, std::size_t Columns>
        static Block<Rows * Columns> product(std::span<const Scalar, Rows * Inner> a,
                                             std::span<const Scalar, Inner * Columns> b) noexcept {
            Block<Rows * Columns> out;
            multiply<Rows, Inner, Columns>(a, b, std::span<Scalar, Rows * Columns>(out));
            return out;
        }

        /// A projection's synapses: Σ over tokens of token × credit, shared out over the batch.
        template <std::size_t Samples>
        static void add_synapses(std::span<const Scalar, Tokens * Features> tokens,
                                 const Block<projected>& credit,
                                 std::span<Scalar, Features * Width> delta) noexcept {
            Block<Features * Width> mean;
            mean_outer<Tokens, Features, Width>(tokens, std::span<const Scalar, projected>(credit),
                                                std::span<Scalar, Features * Width>(mean));
            simd::axpy(static_cast<Scalar>(Tokens) / static_cast<Scalar>(Samples),
                       std::span<const Scalar, Features * Width>(mean), delta);
        }
    };
};

}  // namespace tdca
