// Generator: a bottom-up network that turns noise into points of a space of any dimension.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// Noise → one linear layer → a batch of points, with sizes known at run time.
///
///   x_p = b + W z_p + s ∘ ξ_p,   z_p ~ N(0, I) of min(n, Sources) numbers, ξ_p ~ N(0, I) of n.
///
/// Noise comes in mirrored pairs, and the pairs of a batch are orthogonal as far as there are
/// dimensions (each keeps its normal length): fewer points tell as much (Brockhoff et al.,
/// "Mirrored sampling and sequential selection", PPSN 2010; Choromanski et al., "Structured
/// evolution with compact architectures", ICML 2018). Point p + ⌈points/2⌉ mirrors point p.
///
/// The z are shared noise sources, seen by every coordinate: W holds how coordinates go together.
/// The ξ are one private source per coordinate, used where n > `Sources`, so that memory is
/// n (Sources + a few) + batch · O(n) numbers: linear in the dimension. The centre b is in double
/// precision, deviations x − b are in single precision: they are small where the search is near,
/// so that points end as near to a minimum as double precision can tell. Who evaluates them folds
/// them into the box [−1, 1]ⁿ.
///
/// A batch is stored coordinate by coordinate, `stride` numbers each (points, padded to 16), so
/// that loops fill their SIMD lanes in any dimension, and numbers do not depend on the lanes.
/// `resize` allocates where there was less room before; nothing else does.
///
/// @tparam Sources most shared noise sources
template <std::size_t Sources = 64>
class Generator {
    static_assert(Sources > 0, "a generator needs at least one noise source");

public:
    /// Makes room for n coordinates and batches of `points`.
    ///
    /// @throws tdca::Error where either is zero
    void resize(std::size_t dimension, std::size_t points) {
        require_some("Generator", "coordinates of a point", dimension);
        require_some("Generator", "points in a batch", points);
        dimension_ = dimension;
        points_ = points;
        stride_ = (points + granule - 1) / granule * granule;
        shared_ = std::min(dimension, Sources);
        private_ = dimension > Sources ? dimension : 0;
        centre_.resize(dimension);
        weights_.resize(dimension * shared_);
        private_weights_.resize(private_);
        noise_.assign((shared_ + private_) * stride_, 0.0F);
        deviations_.resize(dimension * stride_);
        credit_.resize(stride_);
        least_.assign(dimension, 0.0F);
        directions_.resize((points + 1) / 2 * sources());
    }

    /// Keeps the deviation of coordinate i at `least` or above, so that a variable of few values
    /// is still tried out when the others have settled.
    void keep_apart(std::size_t i, float least) noexcept { least_[i] = least; }

    /// Fresh weights: the centre uniform in the box, or where it is told, and a round cloud of
    /// deviation `spread` in each coordinate.
    void begin(Key key, float spread, std::span<const double> centre = {}) noexcept {
        if (centre.empty()) {
            (key / 0).fill_uniform(std::span<double>(centre_), -1.0, 1.0);
        } else {
            std::copy(centre.begin(), centre.end(), centre_.begin());
        }
        if (private_ == 0) {
            std::fill(weights_.begin(), weights_.end(), 0.0F);
            for (std::size_t i = 0; i < dimension_; ++i) weights_[i * shared_ + i] = spread;
        } else {
            // The shared sources make up as large a part of the cloud as they have dimensions.
            const float share = static_cast<float>(shared_) / static_cast<float>(dimension_);
            (key / 1).fill_normal(std::span<float>(weights_));
            for (float& w : weights_) w *= spread / std::sqrt(static_cast<float>(dimension_));
            std::fill(private_weights_.begin(), private_weights_.end(),
                      spread * std::sqrt(1.0F - share));
        }
        for (std::size_t i = 0; i < dimension_; ++i) hold_apart(i);
    }

    /// Draws a batch: noise, then deviations.
    void forward(Key key) noexcept {
        draw(key);
        for (std::size_t i = 0; i < dimension_; ++i) {
            const std::span<float> to = deviation_of(i);
            const float own = private_ == 0 ? 0.0F : private_weights_[i];
            simd::map(
                to, [own](auto noise) { return noise * decltype(noise)(own); },
                source(private_ == 0 ? 0 : shared_ + i));
            for (std::size_t k = 0; k < shared_; ++k) {
                simd::axpy(weights_[i * shared_ + k], source(k), to);
            }
        }
    }

    /// Coordinate i of point p of the batch, as drawn: not yet folded into [−1, 1].
    [[nodiscard]] double coordinate(std::size_t p, std::size_t i) const noexcept {
        return centre_[i] + static_cast<double>(deviations_[i * stride_ + p]);
    }

    /// Takes point p's noise away: for a point that was drawn before the latest update, and lies
    /// where `replace` says. It moves the centre, and tells nothing of the weights.
    void silence(std::size_t p) noexcept {
        for (std::size_t k = 0; k < sources(); ++k) noise_[k * stride_ + p] = 0;
    }
    /// Puts coordinate i of point p where it is.
    void replace(std::size_t p, std::size_t i, double where) noexcept {
        deviations_[i * stride_ + p] = static_cast<float>(where - centre_[i]);
    }

    /// Sizes of one update of the weights.
    struct Step {
        float shared = 0;    ///< η, along what the batch credits
        float own = 0;       ///< η_ξ, likewise, of private weights
        float path = 0;      ///< η_π, along the path of the centre
        float own_path = 0;  ///< η_πξ, likewise, of private weights
        float growth = 1;    ///< factor on all weights
    };

    /// One update of the weights, from the credits of unit i: cᵢₚ = gainₚ (xᵢₚ − bᵢ) for point p,
    /// and its own deviation dᵢ = Σ W_ik π_k + sᵢ π_ξᵢ for the path π of the centre.
    ///   W_ik ← growth · (W_ik + η Σₚ cᵢₚ z_kp + η_π (dᵢ π_k − W_ik)),
    ///   sᵢ ← growth · sᵢ (1 + η_πξ (π_ξᵢ² − 1)) + growth · η_ξ Σₚ cᵢₚ ξᵢₚ.
    /// On random values the path is as long in every direction, and its part changes nothing on
    /// average. Where W is square this is how Beyer & Sendhoff, "Simplify your covariance matrix
    /// adaptation evolution strategy" (IEEE TEVC 21, 2017) adapt theirs.
    ///
    /// @param gains one per point, padded with zeros to `stride()`
    /// @param path one number per source
    void learn(std::span<const float> gains, std::span<const float> path,
               const Step& step) noexcept {
        const std::span<float> credit(credit_);
        for (std::size_t i = 0; i < dimension_; ++i) {
            simd::map(
                credit, [](auto gain, auto deviation) { return gain * deviation; }, gains,
                std::as_const(*this).deviation_of(i));
            float along = private_ == 0 ? 0.0F : private_weights_[i] * path[shared_ + i];
            for (std::size_t k = 0; k < shared_; ++k) along += weights_[i * shared_ + k] * path[k];
            for (std::size_t k = 0; k < shared_; ++k) {
                float& weight = weights_[i * shared_ + k];
                weight = step.growth * (weight + step.shared * correlate(credit, source(k)) +
                                        step.path * (along * path[k] - weight));
            }
            if (private_ != 0) {
                const float walked = path[shared_ + i];
                float& weight = private_weights_[i];
                weight += weight * step.own_path * (std::fmin(walked * walked, 9.0F) - 1) +
                          step.own * correlate(credit, source(shared_ + i));
                weight = std::fmax(step.growth * weight, 1e-18F);
            }
            hold_apart(i);
        }
    }

    /// out = Σₚ weightₚ · (deviation of coordinate i): where the batch's weight lies.
    [[nodiscard]] float mean_deviation(std::size_t i,
                                       std::span<const float> weights) const noexcept {
        return correlate(weights, deviation_of(i));
    }
    /// The same for noise source k, of `sources()`.
    [[nodiscard]] float mean_noise(std::size_t k, std::span<const float> weights) const noexcept {
        return correlate(weights, source(k));
    }

    /// ‖z_p‖² + ‖ξ_p‖² for every point, into `stride()` numbers.
    void noise_power(std::span<float> out) const noexcept {
        std::fill(out.begin(), out.end(), 0.0F);
        for (std::size_t k = 0; k < sources(); ++k) {
            simd::map(
                out, [](auto z, auto sum) { return simd::fma(z, z, sum); }, source(k), out);
        }
    }

    /// Root mean square deviation of a coordinate, over those that are not kept apart, or over all
    /// where all are.
    [[nodiscard]] float spread() const noexcept {
        float power = 0;
        float all = 0;
        std::size_t free = 0;
        for (std::size_t i = 0; i < dimension_; ++i) {
            const float one = power_of(i);
            all += one;
            if (least_[i] > 0) continue;
            power += one;
            ++free;
        }
        return std::sqrt(free > 0 ? power / static_cast<float>(free)
                                  : all / static_cast<float>(dimension_));
    }

    [[nodiscard]] std::size_t dimension() const noexcept { return dimension_; }
    /// Points of a batch.
    [[nodiscard]] std::size_t points() const noexcept { return points_; }
    /// The same, padded to whole packs.
    [[nodiscard]] std::size_t stride() const noexcept { return stride_; }
    /// Numbers of single precision that it has room for: weights, noise, deviations, the centre.
    [[nodiscard]] std::size_t memory() const noexcept {
        return 2 * centre_.size() + weights_.size() + private_weights_.size() + least_.size() +
               directions_.size() + noise_.size() + deviations_.size() + credit_.size();
    }
    /// Noise sources in all, shared ones first.
    [[nodiscard]] std::size_t sources() const noexcept { return shared_ + private_; }
    /// b, in the box of the generator.
    [[nodiscard]] std::span<double> centre() noexcept { return centre_; }
    /// b, in half widths of the box around its middle.
    [[nodiscard]] std::span<const double> centre() const noexcept { return centre_; }

private:
    // Not the lanes of the architecture: the same noise everywhere.
    static constexpr std::size_t granule = 16;

    /// Noise of one batch: orthogonal directions of normal length, and their mirror images.
    void draw(Key key) noexcept {
        const std::size_t half = (points_ + 1) / 2;
        const std::size_t size = sources();
        key.fill_normal(std::span<float>(directions_));
        for (std::size_t p = 0; p < half; ++p) {
            const std::span<float> row(directions_.data() + p * size, size);
            const float length = std::sqrt(correlate(row, row));
            for (std::size_t q = p - p % size; q < p; ++q) {
                const std::span<const float> other(directions_.data() + q * size, size);
                simd::axpy(-correlate(row, other) / correlate(other, other), other, row);
            }
            const float scale = length / (std::sqrt(correlate(row, row)) + 1e-20F);
            for (std::size_t k = 0; k < size; ++k) {
                row[k] *= scale;
                noise_[k * stride_ + p] = row[k];
                if (p + half < points_) noise_[k * stride_ + p + half] = -row[k];
            }
        }
    }

    /// Squared deviation of coordinate i.
    [[nodiscard]] float power_of(std::size_t i) const noexcept {
        float power = private_ == 0 ? 0.0F : private_weights_[i] * private_weights_[i];
        for (std::size_t k = 0; k < shared_; ++k) {
            power += weights_[i * shared_ + k] * weights_[i * shared_ + k];
        }
        return power;
    }
    void hold_apart(std::size_t i) noexcept {
        if (!(least_[i] > 0)) return;
        const float deviation = std::sqrt(power_of(i));
        if (deviation >= least_[i]) return;
        if (deviation > 1e-3F * least_[i]) {
            for (std::size_t k = 0; k < shared_; ++k) {
                weights_[i * shared_ + k] *= least_[i] / deviation;
            }
            if (private_ != 0) private_weights_[i] *= least_[i] / deviation;
        } else if (private_ != 0) {
            private_weights_[i] = least_[i];
        } else {
            weights_[i * shared_ + i] = least_[i];
        }
    }

    [[nodiscard]] std::span<const float> source(std::size_t k) const noexcept {
        return std::span<const float>(noise_).subspan(k * stride_, stride_);
    }
    [[nodiscard]] std::span<const float> deviation_of(std::size_t i) const noexcept {
        return std::span<const float>(deviations_).subspan(i * stride_, stride_);
    }
    [[nodiscard]] std::span<float> deviation_of(std::size_t i) noexcept {
        return std::span<float>(deviations_).subspan(i * stride_, stride_);
    }
    [[nodiscard]] static float correlate(std::span<const float> a,
                                         std::span<const float> b) noexcept {
        return simd::sum([](auto x, auto y) { return x * y; }, a, b);
    }

    std::size_t dimension_ = 0;
    std::size_t points_ = 0;
    std::size_t stride_ = 0;
    std::size_t shared_ = 0;
    std::size_t private_ = 0;
    std::vector<double> centre_;
    std::vector<float> weights_;  // coordinate by coordinate
    std::vector<float> private_weights_;
    std::vector<float> least_;       // deviations that are kept, 0 where none is
    std::vector<float> directions_;  // one row for each pair of points
    std::vector<float> noise_;       // source by source, zeros where a batch is padded
    std::vector<float> deviations_;  // coordinate by coordinate
    std::vector<float> credit_;
};

}  // namespace tdca
