// ReplayBuffer: the latest steps of a life of acting, and what they were worth.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// A ring of steps in the order in which they were made. Old ones are overwritten.
///
/// An episode that is cut off leaves a step more, which is not acted in: where it would have gone
/// on.
///
/// @tparam Inputs numbers of an observation
/// @tparam Features numbers that the critic describes it by
/// @tparam Target what the reward signal must know of an action
/// @tparam Capacity steps
template <std::size_t Inputs, std::size_t Features, class Target, std::size_t Capacity>
class ReplayBuffer {
public:
    /// Forgets every step.
    void clear() noexcept { head_ = stored_ = fresh_ = 0; }

    /// Steps since `settle`, those that only mark an end included.
    [[nodiscard]] std::size_t fresh() const noexcept { return fresh_; }

    /// The slot that the next step goes into.
    [[nodiscard]] std::size_t next_slot() const noexcept { return head_; }

    /// A new step begins where these were observed; what came of it is told by @ref conclude.
    Target& begin(std::span<const float, Inputs> seen,
                  std::span<const float, Features> described) noexcept {
        at_ = head_;
        head_ = (head_ + 1) % Capacity;
        stored_ = std::min(stored_ + 1, Capacity);
        fresh_ = std::min(fresh_ + 1, Capacity);
        std::copy(seen.begin(), seen.end(),
                  seen_.begin() + static_cast<std::ptrdiff_t>(at_ * Inputs));
        std::copy(described.begin(), described.end(),
                  described_.begin() + static_cast<std::ptrdiff_t>(at_ * Features));
        moments_[at_] = {};
        return feedback_[at_];
    }

    /// @param is_last whether the episode ended here, for whatever reason
    void conclude(float reward, bool terminated, bool is_last) noexcept {
        moments_[at_] = {reward, terminated, is_last, true};
    }

    /// How much better than expected each step turned out, A = Σ (γλ)ᵏ δₜ₊ₖ over the rest of its
    /// episode, δ = r + γ V′ − V (Schulman et al., "High-dimensional continuous control using
    /// generalized advantage estimation", arXiv:1506.02438); in units of the root mean square over
    /// all steps, disappointments times `caution`.
    ///
    /// @param value V of a description
    /// @param next V where the latest step led
    /// @return share of the variance of returns that the values expected
    template <class Value>
    float assess(Value&& value, float next, float discount, float horizon, float caution) noexcept {
        float ahead = 0;
        double power = 0;
        double sum = 0;
        double squares = 0;
        double count = 0;
        for (std::size_t back = 1; back <= stored_; ++back) {
            const std::size_t slot = slot_of(back);
            const Moment& moment = moments_[slot];
            const float here = value(description(slot));
            if (moment.is_acted) {
                if (moment.is_last) ahead = 0;
                const float after = moment.terminated ? 0.0F : next;
                ahead = moment.reward + discount * after - here + discount * horizon * ahead;
                worth_[slot] = ahead;
                const auto worth = static_cast<double>(ahead);
                const double gained = static_cast<double>(here) + worth;
                power += worth * worth;
                sum += gained;
                squares += gained * gained;
                count += 1;
            }
            next = here;
        }
        const auto scale = static_cast<float>(1 / std::sqrt(power / count + 1e-12));
        for (std::size_t back = 1; back <= stored_; ++back) {
            float& worth = worth_[slot_of(back)];
            worth *= scale * (worth < 0 ? caution : 1.0F);
        }
        const double variance = squares / count - sum * sum / (count * count);
        return static_cast<float>(1 - std::min(power / count / (variance + 1e-9), 2.0));
    }

    /// A minibatch: each sample is one of the fresh steps, or with probability `old` any step.
    ///
    /// @param take `take(sample, seen, feedback, advantage, slot)`
    template <std::size_t Samples, class Take>
    void recall(Key key, float old, Take&& take) const noexcept {
        const auto share = static_cast<std::uint32_t>(old * 65535.0F);
        std::array<std::uint32_t, 4> words{};
        for (std::size_t s = 0; s < Samples; ++s) {
            if (s % words.size() == 0) words = key.bits(s / words.size());
            const std::uint32_t word = words[s % words.size()];
            const std::size_t range = (word & 0xffffU) < share ? stored_ : fresh_;
            std::size_t back = 1 + ((std::uint64_t{word >> 16U} * range) >> 16U);
            if (!moments_[slot_of(back)].is_acted) back = back < stored_ ? back + 1 : back - 1;
            const std::size_t slot = slot_of(back);
            take(s, std::span<const float, Inputs>(seen_.data() + slot * Inputs, Inputs),
                 feedback_[slot], worth_[slot], slot);
        }
    }

    /// What is fresh has been learned from.
    void settle() noexcept { fresh_ = 0; }

private:
    struct Moment {
        float reward = 0;
        bool terminated = false;
        bool is_last = true;
        bool is_acted = false;
    };

    /// The slot of the `back`-th latest step, from 1.
    [[nodiscard]] std::size_t slot_of(std::size_t back) const noexcept {
        return (head_ + Capacity - back) % Capacity;
    }
    [[nodiscard]] std::span<const float, Features> description(std::size_t slot) const noexcept {
        return std::span<const float, Features>(described_.data() + slot * Features, Features);
    }

    alignas(alignment) std::array<float, Capacity * Features> described_;
    alignas(alignment) std::array<float, Capacity * Inputs> seen_;
    std::array<Target, Capacity> feedback_;
    std::array<Moment, Capacity> moments_;
    std::array<float, Capacity> worth_{};
    std::size_t head_ = 0;
    std::size_t stored_ = 0;
    std::size_t fresh_ = 0;
    std::size_t at_ = 0;
};

}  // namespace tdca
