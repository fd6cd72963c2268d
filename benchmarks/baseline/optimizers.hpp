// The textbook optimisers of the baseline's sweep, in the library's PlasticityRule shape.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include "tdca/core/course.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::baseline {

// What tells one optimiser of a family from another is a setting, so that a network is compiled
// once for each family.

/// An optimiser of the sweep by its name.
struct Optimizer {
    std::string_view name;
    bool adapts;             ///< AdamFamily, or else SgdFamily
    float momentum;          ///< β, or β₁
    bool looks_ahead;        ///< Nesterov's form
    float momentum_warming;  ///< PyTorch's `momentum_decay`, of NAdam alone
    bool decays;             ///< decoupled weight decay is tried
    float usual_rate;        ///< where a sweep begins
};

/// Dozat's μₜ = β₁ from the first update on: 0.96 to a power so large is 0.
inline constexpr float at_once = 1e6F;

/// All optimisers of the sweep.
inline constexpr std::array<Optimizer, 7> optimizers{{
    {"sgd", false, 0.0F, false, 0, false, 0.16F},
    {"momentum", false, 0.9F, false, 0, false, 0.032F},
    {"nesterov", false, 0.9F, true, 0, false, 0.032F},
    {"adam", true, 0.9F, false, 0, false, 0.004F},
    {"adamw", true, 0.9F, false, 0, true, 0.004F},
    {"nadam", true, 0.9F, true, 0.004F, false, 0.004F},
    {"steady nadam", true, 0.9F, true, at_once, false, 0.004F},
}};

/// @throws Error for a name that is not in `optimizers`
[[nodiscard]] inline const Optimizer& optimizer_of(std::string_view name) {
    const auto* const found = std::ranges::find(optimizers, name, &Optimizer::name);
    if (found != optimizers.end()) return *found;
    std::string known;
    for (const Optimizer& optimizer : optimizers) {
        known.append(known.empty() ? "" : ", ").append(optimizer.name);
    }
    throw Error("baseline", "no such optimizer", known, name);
}

/// torch.optim.SGD: v ← β v + g, then w ← w − η v or, looking ahead, w ← w − η (g + β v). Plain SGD
/// has β = 0.
struct SgdFamily {
    using Genome =
        Genes<float, Parameter<"momentum", Shape<1>>, Parameter<"looks_ahead", Shape<1>>>;
    struct Constants {
        float momentum;  ///< β
        bool looks_ahead;
    };
    static constexpr std::size_t traces = 1;  ///< v

    static void initialize(Genome& /*genome*/) noexcept {}
    static void choose(const Optimizer& optimizer, float /*decay*/, Genome& genome) noexcept {
        genome.get<"momentum">()[0] = optimizer.momentum;
        genome.get<"looks_ahead">()[0] = optimizer.looks_ahead ? 1.0F : 0.0F;
    }
    static Constants decode(const Genome& genome, const Course& /*course*/) noexcept {
        return {genome.get<"momentum">()[0], genome.get<"looks_ahead">()[0] != 0.0F};
    }
    static float width_factor(std::size_t /*fan_in*/) noexcept { return 1.0F; }

    /// One update of any synapse; deltas are −g.
    struct Change {
        float momentum;    ///< β
        float from_trace;  ///< η, or η β
        float from_delta;  ///< 0, or η

        template <class T>
        void operator()(T delta, std::array<T, traces>& memory, T& weight) const noexcept {
            auto& [velocity] = memory;
            velocity = simd::fma(T(momentum), velocity, delta);
            weight = simd::fma(T(from_trace), velocity, simd::fma(T(from_delta), delta, weight));
        }
    };
    static Change change(const Constants& constants, std::size_t /*age*/, float step) noexcept {
        const auto [momentum, looks_ahead] = constants;
        return {momentum, looks_ahead ? step * momentum : step, looks_ahead ? step : 0.0F};
    }
};

/// torch.optim's Adam, AdamW and NAdam: β₂ = 0.999, ε = 1e-8,
///   m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²,   n = √(v / (1 − β₂ᵗ)) + ε;
/// Adam and AdamW (Loshchilov & Hutter, arXiv:1711.05101):
///   w ← (1 − η λ) w − η m / (1 − β₁ᵗ) / n;
/// NAdam (Dozat, ICLR workshop 2016), with μₜ = β₁ (1 − 0.96^(ψ t) / 2) and Πₜ = μ₁ ⋯ μₜ:
///   w ← w − η ((1 − μₜ) g / (1 − Πₜ) + μₜ₊₁ m / (1 − Πₜ₊₁)) / n.
struct AdamFamily {
    using Genome = Genes<float, Parameter<"momentum", Shape<1>>, Parameter<"looks_ahead", Shape<1>>,
                         Parameter<"momentum_warming", Shape<1>>, Parameter<"decay", Shape<1>>>;
    struct Constants {
        float momentum;  ///< β₁
        bool looks_ahead;
        float momentum_warming;  ///< ψ
        float decay;             ///< λ
    };
    static constexpr std::size_t traces = 2;  ///< m, v
    static constexpr float power_decay = 0.999F;

    static void initialize(Genome& /*genome*/) noexcept {}
    static void choose(const Optimizer& optimizer, float decay, Genome& genome) noexcept {
        genome.get<"momentum">()[0] = optimizer.momentum;
        genome.get<"looks_ahead">()[0] = optimizer.looks_ahead ? 1.0F : 0.0F;
        genome.get<"momentum_warming">()[0] = optimizer.momentum_warming;
        genome.get<"decay">()[0] = decay;
    }
    static Constants decode(const Genome& genome, const Course& /*course*/) noexcept {
        return {genome.get<"momentum">()[0], genome.get<"looks_ahead">()[0] != 0.0F,
                genome.get<"momentum_warming">()[0], genome.get<"decay">()[0]};
    }
    static float width_factor(std::size_t /*fan_in*/) noexcept { return 1.0F; }

    /// One update of any synapse; deltas are −g.
    struct Change {
        float momentum;    ///< β₁
        float root_scale;  ///< 1 / √(1 − β₂ᵗ)
        float from_mean;
        float from_delta;
        float kept;  ///< 1 − η λ

        template <class T>
        void operator()(T delta, std::array<T, traces>& memory, T& weight) const noexcept {
            auto& [mean, power] = memory;
            mean = simd::fma(T(momentum), mean - delta, delta);
            const T square = delta * delta;
            power = simd::fma(T(power_decay), power - square, square);
            const T root = simd::fma(T(root_scale), simd::sqrt(power), T(1e-8F));
            const T push = simd::fma(T(from_mean), mean, T(from_delta) * delta);
            weight = simd::fma(T(kept), weight, push / root);
        }
    };
    static Change change(const Constants& constants, std::size_t age, float step) noexcept {
        const auto t = static_cast<float>(age);
        Change change{constants.momentum, 1.0F / std::sqrt(1.0F - std::pow(power_decay, t)), 0, 0,
                      1.0F - step * constants.decay};
        if (constants.looks_ahead) {
            const float now = momentum_at(constants, age);
            const float next = momentum_at(constants, age + 1);
            const float product = momentum_product(constants, age);
            change.from_mean = step * next / (1.0F - product * next);
            change.from_delta = step * (1.0F - now) / (1.0F - product);
        } else {
            change.from_mean = step / (1.0F - std::pow(constants.momentum, t));
        }
        return change;
    }

private:
    /// μₜ.
    static float momentum_at(const Constants& constants, std::size_t age) noexcept {
        return constants.momentum * (1.0F - 0.5F * std::pow(0.96F, constants.momentum_warming *
                                                                       static_cast<float>(age)));
    }
    /// Πₜ; where it is too small to tell 1 − Πₜ from 1, as good as 0.
    static float momentum_product(const Constants& constants, std::size_t age) noexcept {
        float product = 1;
        for (std::size_t i = 1; i <= age && product > 1e-8F; ++i) {
            product *= momentum_at(constants, i);
        }
        return product;
    }
};

}  // namespace tdca::baseline
