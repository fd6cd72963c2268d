// LstdCritic: what the TDCA-network expects of a state, remembered across episodes.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// The rewards to come from a state, as a linear function of random features of the observation:
///   V(o) = w · φ(o),   φ(o) = (1, tanh(R o + b)),
/// with R and b born random with each lifetime and w by least-squares temporal differences with
/// eligibility traces (Boyan, "Technical update: least-squares temporal difference learning",
/// Machine Learning 49, 2002):
///   z ← γλ z + φ,   A ← A + z (φ − γ φ′)ᵀ,   u ← u + z r,   w = (A + ε I)⁻¹ u,
/// φ′ = 0 where the episode terminated. Old experience fades by a factor each time that w is solved
/// for. No network is differentiated; nothing of the bottom-up network is read.
///
/// @tparam Features φ's length
template <std::size_t Features = 48>
struct LstdCritic {
    static_assert(Features % lanes<float> == 0 && Features > 1,
                  "the features of a critic must fill whole SIMD packs");

    using Genome = Genes<float, Parameter<"log_gain", Shape<2>>, Parameter<"log_prior", Shape<1>>,
                         Parameter<"logit_fading", Shape<1>>, Parameter<"logit_discount", Shape<2>>,
                         Parameter<"logit_trace", Shape<1>>>;
    using Vector = std::array<float, Features>;  ///< one number per feature

    static void initialize(Genome& genome) noexcept {
        genome.template get<"log_gain">()[0] = -0.3F;
        genome.template get<"log_gain">()[1] = 0.0F;
        genome.template get<"log_prior">()[0] = 0.0F;
        genome.template get<"logit_fading">()[0] = 1.0F;
        genome.template get<"logit_discount">()[0] = 2.0F;
        genome.template get<"logit_trace">()[0] = 0.5F;
    }

    /// Genes in the units that the memory works with.
    struct Constants {
        float prior;     ///< ε
        float fading;    ///< what is left of old experience at each solution
        float discount;  ///< γ
        float trace;     ///< λ of the memory's own traces
    };
    /// @param log_limit log₁₀(steps of the longest episode / 500)
    static Constants decode(const Genome& genome, float log_limit) noexcept {
        const auto logistic = [](float x) { return 1 / (1 + std::exp(-x)); };
        const auto discount = genome.template get<"logit_discount">();
        return {std::exp(2 * genome.template get<"log_prior">()[0]),
                logistic(2 * genome.template get<"logit_fading">()[0]),
                logistic(2 * (discount[0] + discount[1] * log_limit)),
                logistic(2 * genome.template get<"logit_trace">()[0])};
    }

    /// One lifetime's memory of an environment with `Inputs` observations.
    template <std::size_t Inputs>
    struct State {
        alignas(alignment) std::array<float, Inputs * Features> projection;  ///< R
        alignas(alignment) Vector offset;                                    ///< b
        alignas(alignment) std::array<float, Features * Features> system;    ///< A
        alignas(alignment) Vector right;                                     ///< u
        alignas(alignment) Vector trace;                                     ///< z
        alignas(alignment) Vector weights;                                   ///< w
        alignas(alignment) std::array<float, Features * Features> solving;   ///< A + ε I
        Constants constants;

        /// A new lifetime: R and b from `key`, no experience.
        void begin(const Genome& genome, float log_limit, Key key) noexcept {
            constants = decode(genome, log_limit);
            (key / 0).fill_normal(std::span<float>(projection));
            (key / 1).fill_normal(std::span<float>(offset));
            const auto gains = genome.template get<"log_gain">();
            const float gain = std::exp(gains[0]) / std::sqrt(static_cast<float>(Inputs));
            for (float& value : projection) value *= gain;
            for (float& value : offset) value *= std::exp(gains[1]);
            system.fill(0);
            right.fill(0);
            trace.fill(0);
            weights.fill(0);
        }

        /// γ.
        [[nodiscard]] float discount() const noexcept { return constants.discount; }

        /// φ of an observation.
        void describe(std::span<const float, Inputs> observation,
                      std::span<float, Features> out) const noexcept {
            for (std::size_t f = 0; f < Features; f += lanes<float>) {
                Pack<float> sum = simd::load(offset.data() + f);
                for (std::size_t i = 0; i < Inputs; ++i) {
                    sum = simd::fma(Pack<float>(observation[i]),
                                    simd::load(projection.data() + i * Features + f), sum);
                }
                simd::store(out.data() + f, simd::tanh(sum));
            }
            out[0] = 1;
        }

        /// V of what `features` describe.
        [[nodiscard]] float value(std::span<const float, Features> features) const noexcept {
            return simd::sum([](auto feature, auto weight) { return feature * weight; }, features,
                             weights);
        }

        /// An episode begins: what led here has nothing to do with it.
        void begin_episode() noexcept { trace.fill(0); }

        /// One step from `features` to `next`, unless it `terminated`.
        void note(std::span<const float, Features> features, float reward,
                  std::span<const float, Features> next, bool terminated) noexcept {
            const float decay = constants.discount * constants.trace;
            const float discount = terminated ? 0.0F : constants.discount;
            constexpr std::size_t packs = Features / lanes<float>;
            std::array<Pack<float>, packs> change;
            for (std::size_t p = 0; p < packs; ++p) {
                const std::size_t f = p * lanes<float>;
                const auto now = simd::load(features.data() + f);
                const auto z = simd::fma(Pack<float>(decay), simd::load(trace.data() + f), now);
                simd::store(trace.data() + f, z);
                simd::store(right.data() + f,
                            simd::fma(Pack<float>(reward), z, simd::load(right.data() + f)));
                change[p] = simd::fma(Pack<float>(-discount), simd::load(next.data() + f), now);
            }
            for (std::size_t row = 0; row < Features; ++row) {
                float* const into = system.data() + row * Features;
                const Pack<float> z(trace[row]);
                for (std::size_t p = 0; p < packs; ++p) {
                    float* const at = into + p * lanes<float>;
                    simd::store(at, simd::fma(z, change[p], simd::load(at)));
                }
            }
        }

        /// Solves for w; then lets experience fade. A system without a solution leaves w as it was.
        void solve() noexcept {
            solving = system;
            alignas(alignment) Vector solution = right;
            for (std::size_t f = 0; f < Features; ++f) solving[f * Features + f] += constants.prior;
            bool solved = true;
            for (std::size_t pivot = 0; pivot < Features && solved; ++pivot) {
                solved = eliminate(pivot, solution);
            }
            if (solved) back_substitute(solution);
            for (float& value : system) value *= constants.fading;
            for (float& value : right) value *= constants.fading;
        }

    private:
        bool eliminate(std::size_t pivot, Vector& solution) noexcept {
            std::size_t best = pivot;
            for (std::size_t row = pivot + 1; row < Features; ++row) {
                if (std::fabs(solving[row * Features + pivot]) >
                    std::fabs(solving[best * Features + pivot])) {
                    best = row;
                }
            }
            const float head = solving[best * Features + pivot];
            if (!(std::fabs(head) > 1e-12F)) return false;
            if (best != pivot) {
                std::swap_ranges(
                    solving.begin() + static_cast<std::ptrdiff_t>(pivot * Features),
                    solving.begin() + static_cast<std::ptrdiff_t>((pivot + 1) * Features),
                    solving.begin() + static_cast<std::ptrdiff_t>(best * Features));
                std::swap(solution[pivot], solution[best]);
            }
            const std::size_t first = pivot / lanes<float> * lanes<float>;
            for (std::size_t row = pivot + 1; row < Features; ++row) {
                const float factor = -solving[row * Features + pivot] / head;
                for (std::size_t f = first; f < Features; f += lanes<float>) {
                    float* const at = solving.data() + row * Features + f;
                    simd::store(at, simd::fma(Pack<float>(factor),
                                              simd::load(solving.data() + pivot * Features + f),
                                              simd::load(at)));
                }
                solution[row] += factor * solution[pivot];
            }
            return true;
        }

        void back_substitute(Vector& solution) noexcept {
            for (std::size_t row = Features; row-- > 0;) {
                float sum = solution[row];
                for (std::size_t f = row + 1; f < Features; ++f) {
                    sum -= solving[row * Features + f] * solution[f];
                }
                solution[row] = sum / solving[row * Features + row];
                if (!std::isfinite(solution[row])) return;
            }
            weights = solution;
        }
    };
};

}  // namespace tdca
