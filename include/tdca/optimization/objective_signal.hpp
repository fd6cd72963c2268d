// ObjectiveSignal: what the top level sees of a batch of points whose objective values came back.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/optimization/judged.hpp"

namespace tdca::inline TDCA_ABI {

/// The order of the values of a batch, among each other and among those of the batch before; lower
/// values are better.
///
/// Nothing but order is seen, so that a strictly increasing function of the objective changes
/// nothing: not its unit, not its origin, not how steep it is. Equal values share their ranks. A
/// value that is NaN or infinite ranks last, and violations of constraints count as @ref Judged
/// says. `resize` allocates where there was less room before; nothing else does.
class ObjectiveSignal {
public:
    /// Makes room for batches of that many points, and forgets the last one.
    void resize(std::size_t points) {
        order_.resize(points);
        ranks_.resize(points);
        scores_.resize(points);
        placed_.resize(points);
        now_.resize(points);
        last_.resize(points);
        if (quantiles_.size() != 2 * points) {
            quantiles_.resize(2 * points);
            for (std::size_t twice = 1; twice < 2 * points; ++twice) {
                quantiles_[twice] = logit(share(twice));
            }
        }
        forget();
    }

    /// The next batch has none before it.
    void forget() noexcept {
        has_last_ = false;
        gain_ = log_roughness_ = 0;
    }

    /// @param values one per point
    /// @param violations one per point, 0 where the constraint holds; empty: there is none
    void observe(std::span<const double> values, std::span<const double> violations = {}) noexcept {
        const std::size_t points = order_.size();
        finite_ = 0;
        for (std::size_t p = 0; p < points; ++p) {
            order_[p] = p;
            now_[p] = Judged(values[p], violations.empty() ? 0.0 : violations[p]);
            if (now_[p].tells()) ++finite_;
        }
        std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
            return now_[a].is_before(now_[b]) || (!now_[b].is_before(now_[a]) && a < b);
        });
        rank();
        symmetry_ = mirror_symmetry();
        // From here on by place.
        placed_ = now_;
        for (std::size_t place = 0; place < points; ++place) now_[place] = placed_[order_[place]];
        if (has_last_) compare();
        std::swap(now_, last_);
        has_last_ = true;
    }

    /// Points from best to worst.
    [[nodiscard]] std::span<const std::size_t> order() const noexcept { return order_; }
    /// ½ for the best point to −½ for the worst, evenly.
    [[nodiscard]] std::span<const float> ranks() const noexcept { return ranks_; }
    /// The same on a scale without ends, of deviation 1, the best point lowest: quantiles of the
    /// logistic distribution.
    [[nodiscard]] std::span<const float> scores() const noexcept { return scores_; }
    /// Points that tell something: by a finite value, or by how far they violate the constraint.
    [[nodiscard]] std::size_t finite() const noexcept { return finite_; }
    /// By how many of its deviations this batch is better than the last one, from how often one of
    /// its points is better than one of those (Mann & Whitney, 1947); 0 without a last one.
    [[nodiscard]] float gain() const noexcept { return gain_; }
    /// ln of how far this batch reaches among the values of the last one, and that among this.
    [[nodiscard]] float log_roughness() const noexcept { return log_roughness_; }
    /// Correlation of the ranks of points with those of their mirror images: −1 on a slope, 1 on
    /// the ground of a bowl or the top of a hill.
    [[nodiscard]] float symmetry() const noexcept { return symmetry_; }

private:
    static float logit(double share) noexcept {
        return static_cast<float>(0.5513289 * std::log(share / (1 - share)));  // √3/π
    }

    /// Half of `twice` the middle of equal places, as a share of all.
    [[nodiscard]] double share(std::size_t twice) const noexcept {
        return 0.5 * static_cast<double>(twice) / static_cast<double>(order_.size());
    }

    void rank() noexcept {
        const std::size_t points = order_.size();
        for (std::size_t first = 0; first < points;) {
            std::size_t end = first + 1;
            while (end < points && !now_[order_[first]].is_before(now_[order_[end]])) ++end;
            const std::size_t twice = first + end;
            const auto rank = static_cast<float>(0.5 - share(twice));
            for (; first < end; ++first) {
                ranks_[order_[first]] = rank;
                scores_[order_[first]] = quantiles_[twice];
            }
        }
    }

    [[nodiscard]] float mirror_symmetry() const noexcept {
        const std::size_t half = (ranks_.size() + 1) / 2;
        float along = 0;
        float power = 1e-12F;
        for (std::size_t p = 0; p + half < ranks_.size(); ++p) {
            along += ranks_[p] * ranks_[p + half];
            power += 0.5F * (ranks_[p] * ranks_[p] + ranks_[p + half] * ranks_[p + half]);
        }
        return along / power;
    }

    /// Mean and deviation of the places of `ones` among `others`, both sorted: 1 where one is
    /// better than all of them, 0 where it is worse.
    struct Places {
        double mean = 0;
        double deviation = 0;
    };
    [[nodiscard]] static Places places(const std::vector<Judged>& ones,
                                       const std::vector<Judged>& others) noexcept {
        double sum = 0;
        double power = 0;
        std::size_t better = 0;    // of the others,
        std::size_t no_worse = 0;  // of the others
        for (const Judged& one : ones) {
            while (better < others.size() && others[better].is_before(one)) ++better;
            no_worse = std::max(no_worse, better);
            while (no_worse < others.size() && !one.is_before(others[no_worse])) ++no_worse;
            const double place = 1 - 0.5 * static_cast<double>(better + no_worse) /
                                         static_cast<double>(others.size());
            sum += place;
            power += place * place;
        }
        const auto count = static_cast<double>(ones.size());
        const double mean = sum / count;
        return {mean, std::sqrt(std::max(power / count - mean * mean, 0.0))};
    }

    void compare() noexcept {
        const Places now = places(now_, last_);
        const Places then = places(last_, now_);
        const auto pairs = static_cast<double>(now_.size() * last_.size());
        gain_ = 0.7071F * logit((now.mean * pairs + 0.5) / (pairs + 1));
        log_roughness_ =
            static_cast<float>(std::log((now.deviation + 0.02) / (then.deviation + 0.02)));
    }

    std::vector<std::size_t> order_;
    std::vector<float> ranks_;
    std::vector<float> scores_;
    std::vector<float> quantiles_;  // by twice the middle of equal places
    std::vector<Judged> placed_;    // scratch
    std::vector<Judged> now_;       // of this batch; after it, of the one before the last
    std::vector<Judged> last_;      // of the last batch, best first
    bool has_last_ = false;
    std::size_t finite_ = 0;
    float gain_ = 0;
    float log_roughness_ = 0;
    float symmetry_ = 0;
};

}  // namespace tdca
