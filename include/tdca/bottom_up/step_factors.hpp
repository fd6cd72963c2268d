// StepFactors: the eligibility traces of a block of steps, kept as the factors of a product.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/gemm.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// What sources × sums of a recurrent layer are to remember of `Steps` steps of one sample.
///
/// A trace e ← keep_j e + gain_j x_i is after some steps K_j e + Σ_t x_i(t) g_j(t), with
///   g_j(t) = gain_j(t) Π_{u > t} keep_j(u),   K_j = Π_u keep_j(u):
/// a matrix product of activities and what the neurons say of themselves. So traces need not be
/// touched at every step. The factors are steps × (sources + sums) numbers in place of sources ×
/// sums, and a product costs one multiply-add for each step and synapse where the trace costs two
/// operations and a way through memory. Nothing but activities and neurons' own leaks is in it.
///
/// @tparam Sums weighted sums of all neurons
template <class Scalar, std::size_t Steps, std::size_t Sums>
struct StepFactors {
    /// A number for each step and sum, in bands of columns as products want them.
    using Numbers = std::array<Scalar, Steps * Sums>;

    alignas(alignment) Numbers in;                     ///< g of synapses from the input
    alignas(alignment) Numbers state;                  ///< g of recurrent synapses
    alignas(alignment) std::array<Scalar, Sums> kept;  ///< K, times what it began at

    /// Takes in the last `Count` of the steps, number `first` of these factors and on, from what
    /// cells said of each; `kept` begins at what the steps are to be multiplied by.
    ///
    /// @param keep, gain_in, gain_state `Count` × `Sums`, see `CellTraces`
    template <std::size_t Count>
    void take(std::size_t first, const Scalar* keep, const Scalar* gain_in,
              const Scalar* gain_state) noexcept {
        const auto times = [](auto a, auto b) { return a * b; };
        for_each_band<Scalar, Sums>([&](std::size_t column, auto width) {
            using Some = std::span<const Scalar, width>;
            const std::span<Scalar, width> now(kept.data() + column, width);
            for (std::size_t t = Count; t-- > 0;) {
                const std::size_t at = t * Sums + column;
                const std::size_t to = Steps * column + (first + t) * width;
                simd::map(std::span<Scalar, width>(in.data() + to, width), times,
                          Some(gain_in + at, width), now);
                simd::map(std::span<Scalar, width>(state.data() + to, width), times,
                          Some(gain_state + at, width), now);
                simd::map(now, times, Some(keep + at, width), now);
            }
        });
    }

    /// Calls `use(source, column, pack, count)` with Σ_t x_i(t) g_j(t) of all `Sources` × `Sums`.
    ///
    /// @param activity x, `Steps` × `Sources`
    template <std::size_t Sources, class Use>
    static void multiply(const Scalar* activity, const Numbers& factors, Use use) noexcept {
        for_each_band<Scalar, Sums>([&](std::size_t column, auto width) {
            multiply_turned<Sources, Steps, width>(
                activity, factors.data() + Steps * column,
                [&](std::size_t source, std::size_t within, Pack<Scalar> product, auto count) {
                    use(source, column + within, product, count);
                });
        });
    }
    /// The same of a source that is always 1.
    template <class Use>
    static void add_up(const Numbers& factors, Use use) noexcept {
        static constexpr auto ones = [] {
            std::array<Scalar, Steps> all{};
            all.fill(Scalar{1});
            return all;
        }();
        multiply<1>(ones.data(), factors, use);
    }
};

/// What @ref StepFactors hands its products to: `to[source, column] = combine(to[…], product,
/// column, count)`, rows of `Sums`.
template <std::size_t Sums, class Scalar, class Combine>
[[nodiscard]] inline auto combine_into(Scalar* to, Combine combine) noexcept {
    return [to, combine](std::size_t source, std::size_t column, Pack<Scalar> product, auto count) {
        Scalar* const at = to + source * Sums + column;
        if constexpr (count == lanes<Scalar>) {
            simd::store(at, combine(simd::load(at), product, column, count));
        } else {
            simd::store_partial<Scalar>(
                at, combine(simd::load_partial(at, count), product, column, count), count);
        }
    };
}

/// How a sequence is cut into blocks of steps that traces take in at once.
///
/// @tparam Sums weighted sums of all neurons
/// @tparam Fades whether synapses' activity fades, which products do not do
template <std::size_t Steps, std::size_t Sums, bool Fades>
struct StepBlocks {
    /// Whether by products: of few steps they would be no faster.
    static constexpr bool by_factors = Steps >= 8 && !Fades;
    /// Of a block; factors are kept on the stack.
    static constexpr std::size_t steps =
        std::min(by_factors ? std::clamp<std::size_t>(32768 / Sums, 8, 32) : 8, Steps);
    /// Of the last block, whose factors meet credit themselves.
    static constexpr std::size_t last = Steps - (Steps - 1) / steps * steps;
    /// Whether anything is left for traces.
    static constexpr bool are_many = !by_factors || last < Steps;
};

/// How the traces of a recurrent layer are kept in factors: of every block of steps but the last
/// they take in the product; the last block's factors meet credit themselves.
///
/// @tparam L the layer, bound
template <class L, std::size_t Samples>
struct SequenceFactors {
    using Scalar = typename L::Params::scalar;                      ///< of the layer
    using Eligibility = typename L::template Eligibility<Samples>;  ///< of the layer
    static constexpr std::size_t units = L::output_shape::size;     ///< neurons

    /// The traces of sample `s` take in a whole block.
    ///
    /// @param in that sample's steps of the block
    static void remember(const Scalar* in, std::size_t s, std::size_t /*count*/,
                         Eligibility& e) noexcept {
        StepFactors<Scalar, L::block, L::sums> factors;
        factors.kept.fill(Scalar{1});
        const std::size_t at = s * L::block * L::sums;
        factors.template take<L::block>(0, &e.keep[at], &e.gain_in[at], &e.gain_state[at]);
        multiply(factors, in, &e.before[s * L::block * units], [&](std::size_t source) {
            return combine_into<L::sums>(
                e.traces.data() + (s * L::sources + source) * L::sums,
                [&](Pack<Scalar> trace, Pack<Scalar> product, std::size_t sum, auto count) {
                    const Scalar* const kept = &factors.kept[sum];
                    return simd::fma(
                        count == lanes<Scalar> ? simd::load(kept) : simd::load_partial(kept, count),
                        trace, product);
                });
        });
    }

    /// Adds the batch mean of credit × eligibility to `synapses_of(source)`.
    ///
    /// @param in `Samples` × all steps × features
    template <class SynapsesOf>
    static void correlate(const Scalar* in, const Eligibility& e,
                          std::span<const Scalar, Samples * units> credit,
                          SynapsesOf synapses_of) noexcept {
        using Sums = std::span<const Scalar, L::sums>;
        constexpr std::size_t steps = L::input_shape::size / L::features;
        StepFactors<Scalar, together * L::Blocks::last, L::sums> factors;
        for (std::size_t first = 0; first < Samples; first += together) {
            for (std::size_t s = first; s < first + together; ++s) {
                for (std::size_t sum = 0; sum < L::sums; ++sum) {
                    factors.kept[sum] = credit[s * units + sum % units] *
                                        e.readout[s * L::sums + sum] / static_cast<Scalar>(Samples);
                }
                const std::size_t at = s * L::block * L::sums;
                factors.template take<L::Blocks::last>((s - first) * L::Blocks::last, &e.keep[at],
                                                       &e.gain_in[at], &e.gain_state[at]);
                if constexpr (L::Blocks::are_many) {
                    for (std::size_t i = 0; i < L::sources; ++i) {
                        simd::map(
                            synapses_of(i),
                            [](auto c, auto trace, auto d) { return simd::fma(c, trace, d); },
                            Sums(factors.kept),
                            Sums(e.traces.data() + (s * L::sources + i) * L::sums, L::sums),
                            synapses_of(i));
                    }
                }
            }
            multiply(factors, in + (first * steps + steps - L::Blocks::last) * L::features,
                     &e.before[first * L::block * units], [&](std::size_t source) {
                         return combine_into<L::sums>(
                             synapses_of(source).data(),
                             [](auto d, auto product, auto...) { return d + product; });
                     });
        }
    }

private:
    /// Samples whose last blocks are multiplied at once, where those follow each other in memory.
    static constexpr std::size_t together = [] {
        std::size_t most = 1;
        for (std::size_t n = 1; !L::Blocks::are_many && n <= Samples; ++n) {
            const bool is_small = n * L::Blocks::last * L::sums * sizeof(Scalar) <= 65536;
            if (Samples % n == 0 && is_small) most = n;
        }
        return most;
    }();

    template <class Factors, class Into>
    static void multiply(const Factors& factors, const Scalar* in, const Scalar* before,
                         Into into) noexcept {
        factors.template multiply<L::features>(in, factors.in, into(0));
        factors.add_up(factors.in, into(L::features));
        factors.template multiply<units>(before, factors.state, into(L::features + 1));
        factors.add_up(factors.state, into(L::sources - 1));
    }
};

}  // namespace tdca
