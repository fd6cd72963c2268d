// SearchLife: what a search remembers from one start to the next.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/math/simd.hpp"
#include "tdca/optimization/generator.hpp"
#include "tdca/optimization/objective_signal.hpp"
#include "tdca/optimization/search_network.hpp"
#include "tdca/optimization/search_plan.hpp"
#include "tdca/optimization/search_space.hpp"

namespace tdca::inline TDCA_ABI {

/// One life of a search: its share of the budget, the best point since its start, and what its
/// centre's way so far was like. `resize` allocates; nothing else does.
struct SearchLife {
    std::size_t start = 0;        ///< evaluations before it
    std::size_t end = 0;          ///< and at its end
    float spread = 1;             ///< of the cloud that it began with
    Judged value;                 ///< the best since its start
    std::vector<double> best;     ///< where, in the generator's box
    std::vector<float> velocity;  ///< of the centre
    std::vector<float> path;      ///< of the centre, in noise sources
    std::size_t stale = 0;        ///< batches since `value` was found
    bool improved = false;        ///< whether the latest batch found it

    /// Makes room for a search of that many coordinates and noise sources.
    void resize(std::size_t dimension, std::size_t sources) {
        best.resize(dimension);
        velocity.resize(dimension);
        path.resize(sources);
    }

    /// Starts anew, between two numbers of evaluations, with a cloud of that deviation.
    void begin(std::size_t from, std::size_t to, float cloud) noexcept {
        start = from;
        end = to;
        spread = cloud;
        value = {};
        std::fill(velocity.begin(), velocity.end(), 0.0F);
        std::fill(path.begin(), path.end(), 0.0F);
        stale = 0;
        improved = false;
    }

    /// How it fares, as the genome sees it.
    ///
    /// @param spent evaluations so far
    /// @param share part of the planned lives that came before this one
    /// @param is_noisy whether one point can have several values
    template <std::size_t Sources>
    [[nodiscard]] SearchMood mood(std::size_t spent, float share, bool is_noisy,
                                  const SearchSpace& space, const Generator<Sources>& generator,
                                  const ObjectiveSignal& signal) const noexcept {
        const auto sources = static_cast<float>(generator.sources());
        const auto life = static_cast<float>(end - start);
        const auto n = static_cast<float>(best.size());
        const float cloud = generator.spread() + 1e-30F;
        double far = 0;
        for (std::size_t i = 0; i < best.size(); ++i) {
            const double away = space.way(i, generator.centre()[i], best[i]);
            far += away * away;
        }
        SearchMood now;
        now.fraction = std::fmin(static_cast<float>(spent - start) / life, 1 - 0.5F / life);
        now.fraction = std::fmin(now.fraction, latest_fraction);
        now.log_left = std::log1p(-now.fraction) / 3;
        now.log_dimension = std::log10(n) - 1;
        now.log_budget = SearchBirth::log_budget_of(life / n);
        now.log_points = std::log10(static_cast<float>(generator.points()) / 16);
        const float power = simd::sum([](auto v) { return v * v; }, std::span<const float>(path));
        now.path = std::clamp(std::sqrt(power / sources) - 1, -1.0F, 2.0F);
        now.gain = std::clamp(signal.gain(), -2.0F, 2.0F);
        now.log_roughness = std::clamp(signal.log_roughness(), -2.0F, 2.0F);
        now.improved = improved ? 1.0F : 0.0F;
        now.log_shrinkage = std::clamp(std::log10(cloud / spread) / 4, -4.0F, 1.0F);
        now.life = share;
        now.log_far = std::fmin(
            std::log1p(static_cast<float>(std::sqrt(far / static_cast<double>(n))) / cloud), 4.0F);
        now.symmetry = signal.symmetry();
        now.noisy = is_noisy ? 1.0F : 0.0F;
        now.log_stale = std::log10(1 + static_cast<float>(stale)) - 0.5F;
        now.log_spread = 0.2F * std::clamp(std::log10(cloud) + 1, -16.0F, 2.0F);
        return now;
    }
};

}  // namespace tdca
