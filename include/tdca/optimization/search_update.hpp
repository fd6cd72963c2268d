// SearchUpdate: what the generator of a search makes of the credits of one batch.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/math/simd.hpp"
#include "tdca/optimization/generator.hpp"
#include "tdca/optimization/objective_signal.hpp"
#include "tdca/optimization/search_life.hpp"
#include "tdca/optimization/search_network.hpp"
#include "tdca/optimization/search_space.hpp"

namespace tdca::inline TDCA_ABI {

/// One update of a search: top-down network → two gains a point → the path and the centre → the
/// generator's weights. Its scratch is sized once; `learn` allocates nothing.
class SearchUpdate {
public:
    /// Makes room for batches of at most `stride` points, padded.
    void resize(std::size_t stride) {
        noise_power_.resize(stride);
        bias_gains_.resize(stride);
        weight_gains_.resize(stride);
    }

    /// With gains g of the points, rates λ of the path and η of the centre, momentum μ and pull ρ:
    ///   π ← (1 − λ) π + √(λ (2 − λ) / Σ gₚ²) Σₚ gₚ zₚ,
    ///   v ← η Σₚ gₚ (xₚ − b) + μ v + ρ (best − b),   b ← b + v,
    /// then @ref Generator "Generator::learn".
    ///
    /// @param signal of the batch that the generator gave
    template <class TopDown, std::size_t Sources>
    void learn(const typename TopDown::Genome& genes, const SearchMood& now,
               const ObjectiveSignal& signal, const SearchSpace& space,
               typename TopDown::State& memory, SearchLife& life,
               Generator<Sources>& generator) noexcept {
        const SearchCommand asked = TopDown::command(genes, now, memory);
        const std::size_t stride = generator.stride();
        const std::span<float> bias_gains = std::span<float>(bias_gains_).first(stride);
        const std::span<float> weight_gains = std::span<float>(weight_gains_).first(stride);
        generator.noise_power(std::span<float>(noise_power_).first(stride));
        TopDown::weigh(genes, asked, now, signal.ranks(), signal.scores(), noise_power_,
                       generator.sources(), bias_gains, weight_gains);
        // One over the points that count.
        const float gathered =
            simd::sum([](auto v) { return v * v; }, std::span<const float>(bias_gains));

        const float rate = std::sqrt(asked.path_rate * (2 - asked.path_rate) / gathered);
        for (std::size_t k = 0; k < life.path.size(); ++k) {
            life.path[k] =
                (1 - asked.path_rate) * life.path[k] + rate * generator.mean_noise(k, bias_gains);
        }
        move(asked, bias_gains, space, life, generator);

        const auto n = static_cast<float>(generator.dimension());
        const auto sources = static_cast<float>(generator.sources());
        // The usual rates of xNES and of SNES, and of CMA-ES and its separable form for the path.
        const float usual = 0.6F * (3 + std::log(sources)) / (sources * std::sqrt(sources));
        const float along = 1 / ((sources + 1.3F) * (sources + 1.3F) + 1 / gathered);
        generator.learn(weight_gains, life.path,
                        {.shared = std::fmin(usual, 1.0F) * asked.weight_step,
                         .own = (3 + std::log(n)) / (5 * std::sqrt(n)) * asked.private_step,
                         .path = std::fmin(along * asked.path_step, 0.3F),
                         .own_path = std::fmin(along * (sources + 2) / 3 * asked.path_step, 0.1F),
                         .growth = std::exp(asked.log_growth)});
    }

private:
    template <std::size_t Sources>
    static void move(const SearchCommand& asked, std::span<const float> gains,
                     const SearchSpace& space, SearchLife& life,
                     Generator<Sources>& generator) noexcept {
        const std::span<double> centre = generator.centre();
        for (std::size_t i = 0; i < centre.size(); ++i) {
            life.velocity[i] =
                asked.step * generator.mean_deviation(i, gains) +
                asked.momentum * life.velocity[i] +
                asked.pull * static_cast<float>(space.way(i, centre[i], life.best[i]));
            centre[i] += static_cast<double>(life.velocity[i]);
            if (!(std::fabs(centre[i]) < 1e6)) {
                centre[i] = life.best[i];
                life.velocity[i] = 0;
            }
        }
    }

    std::vector<float> noise_power_;
    std::vector<float> bias_gains_;
    std::vector<float> weight_gains_;
};

}  // namespace tdca
