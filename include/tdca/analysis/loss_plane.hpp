// Loss landscapes: planes through parameter space, and what lies between the checkpoints of a path.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <tuple>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// All parameters of a network as one vector, layer by layer, in the order of `Params::flat()`.
template <class Params>
[[nodiscard]] std::vector<float> flatten(const Params& params) {
    std::vector<float> flat;
    std::apply(
        [&](const auto&... blocks) {
            (flat.insert(flat.end(), blocks.flat().begin(), blocks.flat().end()), ...);
        },
        params);
    return flat;
}

/// The way back.
///
/// @throws tdca::Error where the vector has another length
template <class Params>
void unflatten(std::span<const float> flat, Params& params) {
    const std::size_t size = std::apply(
        [](const auto&... blocks) { return (std::size_t{0} + ... + blocks.flat().size()); },
        params);
    if (flat.size() != size) {
        throw Error("unflatten", "a network with another number of parameters", size, flat.size());
    }
    std::size_t at = 0;
    const auto take = [&](auto& block) {
        std::copy_n(flat.data() + at, block.flat().size(), block.flat().begin());
        at += block.flat().size();
    };
    std::apply([&](auto&... blocks) { (take(blocks), ...); }, params);
}

/// A random direction with each filter, the synapses of one unit, scaled to the norm of that unit's
/// own; biases do not move. Without it, a plane shows the scale of the weights and not the loss (Li
/// et al., "Visualizing the loss landscape of neural nets", NeurIPS 2018).
///
/// @tparam Net a network of layers with `weights`, inputs × units
template <class Net>
[[nodiscard]] std::vector<float> filter_normalised_direction(const typename Net::Params& params,
                                                             Key key) {
    std::vector<float> direction;
    Net::for_each_layer([&](auto i) {
        using L = typename Net::template layer<i>;
        constexpr std::size_t units = L::output_shape::size;
        const auto& block = std::get<i>(params);
        const auto weights = block.template get<"weights">();
        const std::size_t first = direction.size() + L::Params::template offset_of<"weights">();
        direction.resize(direction.size() + L::Params::flat_size);
        const std::span<float> drawn(direction.data() + first, weights.size());
        (key / i).fill_normal(drawn);
        for (std::size_t unit = 0; unit < units; ++unit) {
            double own = 0;
            double random = 0;
            for (std::size_t at = unit; at < weights.size(); at += units) {
                const auto weight = static_cast<double>(weights[at]);
                const auto number = static_cast<double>(drawn[at]);
                own += weight * weight;
                random += number * number;
            }
            const auto scale = static_cast<float>(std::sqrt(own / (random + 1e-30)));
            for (std::size_t at = unit; at < weights.size(); at += units) drawn[at] *= scale;
        }
    });
    return direction;
}

/// Losses at origin + a · u + b · v, for every b of `bs` a row of all `as`.
///
/// @param loss `double(std::span<const float>)`
/// @throws tdca::Error where vectors differ in length
template <class Loss>
[[nodiscard]] std::vector<double> losses_on_plane(std::span<const float> origin,
                                                  std::span<const float> u,
                                                  std::span<const float> v,
                                                  std::span<const double> as,
                                                  std::span<const double> bs, Loss&& loss) {
    if (u.size() != origin.size() || v.size() != origin.size()) {
        throw Error("losses_on_plane", "a direction of another length than the origin",
                    origin.size(), u.size() != origin.size() ? u.size() : v.size());
    }
    std::vector<double> losses;
    losses.reserve(as.size() * bs.size());
    std::vector<float> at(origin.size());
    for (const double b : bs) {
        for (const double a : as) {
            for (std::size_t i = 0; i < at.size(); ++i) {
                at[i] = static_cast<float>(static_cast<double>(origin[i]) +
                                           a * static_cast<double>(u[i]) +
                                           b * static_cast<double>(v[i]));
            }
            losses.push_back(loss(std::span<const float>(at)));
        }
    }
    return losses;
}

/// What a straight step from one checkpoint to the next passes.
struct Passage {
    /// Most that the loss is above the straight line between its values at both ends (Frankle et
    /// al., "Linear mode connectivity and the lottery ticket hypothesis", ICML 2020): 0 where the
    /// loss is convex along the step.
    double barrier = 0;
    /// Most that the loss is above its value at the start: what one who only descends cannot cross.
    double climb = 0;
    /// Loss at the end less that at the start.
    double change = 0;
    // All of them are NaN where a loss is.
};

/// The passage seen in losses at evenly spaced points, both ends included.
///
/// @throws tdca::Error for fewer than two points
[[nodiscard]] inline Passage passage(std::span<const double> losses) {
    if (losses.size() < 2) throw Error("passage", "too few points", 2, losses.size());
    const double first = losses.front();
    const double last = losses.back();
    Passage passed;
    passed.change = last - first;
    for (std::size_t k = 0; k < losses.size(); ++k) {
        const double share = static_cast<double>(k) / static_cast<double>(losses.size() - 1);
        const double line = first + share * (last - first);
        passed.barrier = simd::max(passed.barrier, losses[k] - line);
        passed.climb = simd::max(passed.climb, losses[k] - first);
    }
    return passed;
}

/// The passages along a path of checkpoints, each step seen at `points` points.
///
/// @param path checkpoints, all of one length
/// @param loss `double(std::span<const float>)`
/// @throws tdca::Error where checkpoints differ in length, or for fewer than two points
template <class Loss>
[[nodiscard]] std::vector<Passage> passages(std::span<const std::vector<float>> path,
                                            std::size_t points, Loss&& loss) {
    if (points < 2) throw Error("passages", "too few points on a step", 2, points);
    std::vector<Passage> all;
    std::vector<double> losses(points);
    std::vector<float> at;
    for (std::size_t step = 0; step + 1 < path.size(); ++step) {
        const std::vector<float>& from = path[step];
        const std::vector<float>& to = path[step + 1];
        if (from.size() != to.size()) {
            throw Error("passages", "checkpoints of different lengths", from.size(), to.size());
        }
        at.resize(from.size());
        for (std::size_t k = 0; k < points; ++k) {
            if (k == 0 && step > 0) {
                losses[0] = losses[points - 1];
                continue;
            }
            const auto share = static_cast<float>(k) / static_cast<float>(points - 1);
            for (std::size_t i = 0; i < at.size(); ++i) at[i] = from[i] + share * (to[i] - from[i]);
            losses[k] = loss(std::span<const float>(at));
        }
        all.push_back(passage(losses));
    }
    return all;
}

}  // namespace tdca
