// SelfAttention: every token of a sequence looks at every other.
#pragma once

#include <algorithm>
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
#include "tdca/math/lanes.hpp"
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
        static constexpr std::size_t pitch = whole_packs<Scalar>(Tokens);  ///< of rows of Aᵀ
        static constexpr std::size_t scores = Tokens * pitch;              ///< numbers of Aᵀ

        using input_shape = Shape<Tokens, Features>;
        using output_shape = Shape<Tokens, Width>;
        using Params = Parameters<Scalar, Parameter<"query", Shape<Features, Width>>,
                                  Parameter<"key", Shape<Features, Width>>,
                                  Parameter<"value", Shape<Features, Width>>>;

        /// What a forward pass leaves: activities, and who attended to whom.
        template <std::size_t Samples>
        struct Eligibility {
            alignas(alignment) std::array<Scalar, Samples * projected> query;  ///< q
            alignas(alignment) std::array<Scalar, Samples * projected> key;    ///< k
            alignas(alignment) std::array<Scalar, Samples * projected> value;  ///< v
            /// Aᵀ, the row of a token in whole packs: its lanes are those who attend to it.
            alignas(alignment) std::array<Scalar, Samples * scores> attention;
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
            for_each_block<Samples>([&](std::size_t first, auto count) {
                const Scalar* const tokens = in.data() + first * Tokens * Features;
                const auto project = [&](std::span<const Scalar, Features * Width> weights,
                                         Scalar* to) {
                    multiply_strided<count * Tokens, Features, Width, Features, 1>(
                        tokens, weights.data(), to);
                };
                const std::size_t at = first * projected;
                project(params.template get<"query">(), e.query.data() + at);
                project(params.template get<"key">(), e.key.data() + at);
                project(params.template get<"value">(), e.value.data() + at);
                for (std::size_t s = first; s < first + count; ++s) {
                    attend(e.query.data() + s * projected, e.key.data() + s * projected,
                           e.value.data() + s * projected, e.attention.data() + s * scores,
                           out.data() + s * projected);
                }
            });
        }

        template <std::size_t Samples>
        static void correlate(std::span<const Scalar, Samples * Tokens * Features> in,
                              std::span<const Scalar, Samples * projected> credit,
                              const Eligibility<Samples>& e, Params& delta) noexcept {
            std::ranges::fill(delta.flat(), Scalar{0});
            for_each_block<Samples>([&](std::size_t first, auto count) {
                Block<count * projected> to_query;
                Block<count * projected> to_key;
                Block<count * projected> to_value;
                for (std::size_t i = 0; i < count; ++i) {
                    const std::size_t at = (first + i) * projected;
                    tell(e.query.data() + at, e.key.data() + at, e.value.data() + at,
                         e.attention.data() + (first + i) * scores, credit.data() + at,
                         to_query.data() + i * projected, to_key.data() + i * projected,
                         to_value.data() + i * projected);
                }
                const auto add = [&](const auto& told, std::span<Scalar, Features * Width> to) {
                    add_synapses<Samples, count * Tokens>(in.data() + first * Tokens * Features,
                                                          told.data(), to.data());
                };
                add(to_query, delta.template get<"query">());
                add(to_key, delta.template get<"key">());
                add(to_value, delta.template get<"value">());
            });
        }

        /// Attention weighs linearly: a neuron's slope is 1.
        template <std::size_t Samples>
        static void gate(std::span<const Scalar, Samples * projected> /*out*/,
                         const Eligibility<Samples>& /*eligibility*/,
                         std::span<Scalar, Samples * projected> /*credit*/) noexcept {}

    private:
        template <std::size_t Count>
        struct alignas(alignment) Block : std::array<Scalar, Count> {};

        /// 1 / √Width: scores stay of one size at any width.
        static Scalar scale() noexcept { return Scalar{1} / std::sqrt(static_cast<Scalar>(Width)); }

        /// Calls `visit(first, count)` for a few samples at a time: tokens enough for tall tiles,
        /// and few enough that what is made of them stays in the first cache.
        template <std::size_t Samples, class Visitor>
        static void for_each_block(Visitor&& visit) noexcept {
            constexpr std::size_t most = std::clamp<std::size_t>(64 / Tokens, 1, Samples);
            for_each_part<Samples, most>(visit);
        }

        /// One sample's Aᵀ and output. Scores are made turned, k qᵀ: a softmax then runs along
        /// packs, and no sum across their lanes.
        static void attend(const Scalar* query, const Scalar* key, const Scalar* value,
                           Scalar* attention, Scalar* out) noexcept {
            Block<Width * pitch> queries;
            simd::to_columns<Tokens, Width>(query, queries.data());
            multiply_strided<Tokens, Width, pitch, Width, 1>(
                key, std::as_const(queries).data(), attention,
                [by = scale()](Pack<Scalar> score) { return score * Pack<Scalar>(by); });
            simd::softmax_columns<Tokens, pitch>(attention);
            multiply_strided<Tokens, Tokens, Width, 1, pitch>(std::as_const(attention), value, out);
        }

        /// What one sample's projections are told.
        static void tell(const Scalar* query, const Scalar* key, const Scalar* value,
                         const Scalar* attention, const Scalar* credit, Scalar* to_query,
                         Scalar* to_key, Scalar* to_value) noexcept {
            multiply_strided<Tokens, Tokens, Width, pitch, 1>(attention, credit, to_value);
            Block<Width * pitch> credits;
            simd::to_columns<Tokens, Width>(credit, credits.data());
            Block<scores> better;
            multiply_strided<Tokens, Width, pitch, Width, 1>(value, std::as_const(credits).data(),
                                                             better.data());
            for (std::size_t t = 0; t < pitch; t += lanes<Scalar>) {
                Pack<Scalar> mean(Scalar{0});
                for (std::size_t at = t; at < scores; at += pitch) {
                    mean = simd::fma(simd::load(attention + at), simd::load(&better[at]), mean);
                }
                for (std::size_t at = t; at < scores; at += pitch) {
                    const auto weight = Pack<Scalar>(scale()) * simd::load(attention + at);
                    simd::store(&better[at], weight * (simd::load(&better[at]) - mean));
                }
            }
            const Scalar* const score = better.data();
            multiply_strided<Tokens, Tokens, Width, 1, pitch>(score, key, to_query);
            multiply_strided<Tokens, Tokens, Width, pitch, 1>(score, query, to_key);
        }

        /// A projection's synapses: Σ over tokens of token × credit, shared out over the batch.
        template <std::size_t Samples, std::size_t Count>
        static void add_synapses(const Scalar* tokens, const Scalar* credit,
                                 Scalar* delta) noexcept {
            constexpr Scalar share = Scalar{1} / static_cast<Scalar>(Samples);
            multiply_turned<Features, Count, Width>(
                tokens, credit,
                [delta](std::size_t row, std::size_t column, Pack<Scalar> sum, auto lanes_used) {
                    Scalar* const to = delta + row * Width + column;
                    if constexpr (lanes_used == lanes<Scalar>) {
                        simd::store(to, simd::fma(sum, Pack<Scalar>(share), simd::load(to)));
                    } else {
                        const auto old = simd::load_partial(to, lanes_used);
                        simd::store_partial(to, simd::fma(sum, Pack<Scalar>(share), old),
                                            lanes_used);
                    }
                });
        }
    };
};

}  // namespace tdca
