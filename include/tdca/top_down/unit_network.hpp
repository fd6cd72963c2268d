// UnitNetwork: the TDCA-network proper, applied to each output unit.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/math/lanes.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// How many sets of weights the output units use: one for all, or one each.
enum class Sharing : bool { shared, per_unit };

/// How far the unit network sees errors, their norm and outputs: all the way, or to ±1, or to ±1.5,
/// where errors of probabilities end that no weight multiplies. Gains are then what they are among
/// small errors, however large one is.
enum class FeatureRange : std::uint8_t { whole, limited, unweighted };

/// The network that turns what one output unit sees into two gains on its error.
///
/// For unit c of sample s, with features φ = (e, p, ‖e‖, ē, τ, ρ, 1): its own error and output,
/// the sample's error norm, the batch's mean error of the unit, the progress of the lifetime and
/// the running error:
///   gain_k = 1 + a_k · φ + Σ_h v_kh tanh(w_h · φ),    k ∈ {output, feedback}
///   credit of the output unit = gain_output · e,   error fed back = gain_feedback · e.
/// All that the network adds is multiplied by the error: no error, no credit. With shared weights
/// the genome depends on no size of the bottom-up network.
///
/// @tparam Hidden tanh neurons; 0 leaves the linear path
/// @tparam Units output units
/// @tparam Sets whether units share one set of weights
/// @tparam Range how far features are seen
template <std::size_t Hidden, std::size_t Units, Sharing Sets = Sharing::shared,
          FeatureRange Range = FeatureRange::whole>
struct UnitNetwork {
    static constexpr std::size_t features = 7;
    static constexpr std::size_t gains = 2;  ///< on the output's credit and on the error fed back
    static constexpr std::size_t sets = Sets == Sharing::shared ? 1 : Units;  ///< sets of weights

    using Genome = Genes<float, Parameter<"linear", Shape<sets, gains, features>>,
                         Parameter<"hidden", Shape<sets, Hidden, features>>,
                         Parameter<"readout", Shape<sets, gains, Hidden>>>;

    /// Scratch of one batch, unit-major, samples padded with zeros to whole packs.
    template <std::size_t Samples>
    struct Workspace {
        static constexpr std::size_t stride = whole_packs<float>(Samples);  ///< samples, padded
        alignas(alignment)
            std::array<float, Units * stride> errors;  ///< e, then the output units' credit
        alignas(alignment) std::array<float, Units * stride> outputs;
        alignas(alignment) std::array<float, stride> norms;  ///< ‖e‖ of each sample
    };

    /// Both gains 1; hidden neurons look in random directions and are not yet listened to.
    static void initialize(Genome& genome, Key key) noexcept {
        const auto hidden = genome.template get<"hidden">();
        key.fill_normal(std::span<float>(hidden));
        for (float& weight : hidden) weight /= std::sqrt(static_cast<float>(features));
    }

    /// @param errors, outputs `Samples` × `Units`
    /// @param credit the output units' credit, `Samples` × `Units`
    /// @param feedback the error that is fed back, `Samples` × `Units`
    template <std::size_t Samples>
    static void modulate(const Genome& genome, std::span<const float, Samples * Units> errors,
                         std::span<const float, Samples * Units> outputs, const Progress& progress,
                         Workspace<Samples>& workspace, std::span<float, Samples * Units> credit,
                         std::span<float, Samples * Units> feedback) noexcept {
        constexpr std::size_t stride = Workspace<Samples>::stride;
        simd::to_columns<Samples, Units>(errors.data(), workspace.errors.data());
        simd::to_columns<Samples, Units>(outputs.data(), workspace.outputs.data());
        for (std::size_t s = 0; s < stride; s += lanes<float>) {
            Vector power(0.0F);
            for (std::size_t unit = 0; unit < Units; ++unit) {
                const Vector e = simd::load(&workspace.errors[unit * stride + s]);
                power = simd::fma(e, e, power);
            }
            simd::store(&workspace.norms[s], simd::sqrt(power));
        }
        for (std::size_t unit = 0; unit < Units; ++unit) {
            const std::span<float, stride> error(workspace.errors.data() + unit * stride, stride);
            float* const output = workspace.outputs.data() + unit * stride;
            const float mean =
                simd::sum([](Vector e) { return e; }, error) / static_cast<float>(Samples);
            const Weights weights(genome, Sets == Sharing::shared ? 0 : unit, seen(mean), progress);
            for (std::size_t s = 0; s < stride; s += lanes<float>) {
                const Vector e = simd::load(&error[s]);
                const auto [to_output, to_feedback] = weights(
                    seen(e), seen(simd::load(output + s)), seen(simd::load(&workspace.norms[s])));
                simd::store(&error[s], e * to_output);
                simd::store(output + s, e * to_feedback);
            }
        }
        simd::from_columns<Samples, Units>(std::as_const(workspace.errors).data(), credit.data());
        simd::from_columns<Samples, Units>(std::as_const(workspace.outputs).data(),
                                           feedback.data());
    }

private:
    using Vector = Pack<float>;

    /// A feature, as far as it is seen.
    template <class T>
    [[nodiscard]] static T seen(T feature) noexcept {
        if constexpr (Range == FeatureRange::whole) return feature;
        constexpr float limit = Range == FeatureRange::limited ? 1.0F : 1.5F;
        const T from_below = simd::select(feature < T(-limit), T(-limit), feature);
        return simd::select(from_below > T(limit), T(limit), from_below);
    }

    /// One set of weights, with the features that a batch has in common already summed.
    class Weights {
    public:
        Weights(const Genome& genome, std::size_t set, float mean,
                const Progress& progress) noexcept
            : linear_(genome.template get<"linear">().data() + set * gains * features),
              hidden_(genome.template get<"hidden">().data() + set * Hidden * features),
              readout_(genome.template get<"readout">().data() + set * gains * Hidden) {
            const auto common = [&](const float* row) {
                return row[3] * mean + row[4] * progress.fraction + row[5] * progress.error +
                       row[6];
            };
            for (std::size_t k = 0; k < gains; ++k) {
                linear_common_[k] = 1.0F + common(linear_ + k * features);
            }
            for (std::size_t h = 0; h < Hidden; ++h) {
                hidden_common_[h] = common(hidden_ + h * features);
            }
        }

        [[nodiscard]] std::array<Vector, gains> operator()(Vector error, Vector output,
                                                           Vector norm) const noexcept {
            const auto dot = [&](const float* row, float common) {
                return simd::fma(Vector(row[0]), error,
                                 simd::fma(Vector(row[1]), output,
                                           simd::fma(Vector(row[2]), norm, Vector(common))));
            };
            std::array<Vector, gains> result{dot(linear_, linear_common_[0]),
                                             dot(linear_ + features, linear_common_[1])};
            for (std::size_t h = 0; h < Hidden; ++h) {
                const Vector active = simd::tanh(dot(hidden_ + h * features, hidden_common_[h]));
                for (std::size_t k = 0; k < gains; ++k) {
                    result[k] = simd::fma(Vector(readout_[k * Hidden + h]), active, result[k]);
                }
            }
            return result;
        }

    private:
        const float* linear_;
        const float* hidden_;
        const float* readout_;
        std::array<float, gains> linear_common_{};
        std::array<float, Hidden + 1> hidden_common_{};  // + 1: std::array of 0 has no data
    };
};

}  // namespace tdca
