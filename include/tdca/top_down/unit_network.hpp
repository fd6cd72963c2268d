// UnitNetwork: the TDCA-network proper, applied to each output unit.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/core/parameters.hpp"
#include "tdca/core/progress.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/simd.hpp"

namespace tdca {

/// How many sets of weights the output units use: one for all, or one each.
enum class Sharing : bool { shared, per_unit };

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
template <std::size_t Hidden, std::size_t Units, Sharing Sets = Sharing::shared>
struct UnitNetwork {
    static constexpr std::size_t features = 7;
    static constexpr std::size_t gains = 2;
    static constexpr std::size_t sets = Sets == Sharing::shared ? 1 : Units;

    using Genome = Genes<float, Parameter<"linear", Shape<sets, gains, features>>,
                         Parameter<"hidden", Shape<sets, Hidden, features>>,
                         Parameter<"readout", Shape<sets, gains, Hidden>>>;

    /// Scratch of one batch, unit-major.
    template <std::size_t Samples>
    struct Workspace {
        alignas(alignment) std::array<float, Units * Samples> errors;
        alignas(alignment) std::array<float, Units * Samples> outputs;
        alignas(alignment) std::array<float, Samples> norms;
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
        const auto [means, norms] = transpose<Samples>(errors, outputs, workspace);
        for (std::size_t unit = 0; unit < Units; ++unit) {
            const std::size_t set = Sets == Sharing::shared ? 0 : unit;
            const Weights weights(genome, set, means[unit], progress);
            float* const error = workspace.errors.data() + unit * Samples;
            float* const output = workspace.outputs.data() + unit * Samples;
            for (std::size_t s = 0; s < Samples; s += lanes<float>) {
                const std::size_t count = std::min(lanes<float>, Samples - s);
                const auto e = read(error + s, count);
                const auto [to_output, to_feedback] =
                    weights(e, read(output + s, count), read(norms + s, count));
                write(error + s, e * to_output, count);
                write(output + s, e * to_feedback, count);
            }
        }
        for (std::size_t s = 0; s < Samples; ++s) {
            for (std::size_t unit = 0; unit < Units; ++unit) {
                credit[s * Units + unit] = workspace.errors[unit * Samples + s];
                feedback[s * Units + unit] = workspace.outputs[unit * Samples + s];
            }
        }
    }

private:
    using Vector = Pack<float>;

    static Vector read(const float* from, std::size_t count) noexcept {
        return count == lanes<float> ? simd::load(from) : simd::load_partial(from, count);
    }
    static void write(float* to, Vector value, std::size_t count) noexcept {
        count == lanes<float> ? simd::store(to, value) : simd::store_partial(to, value, count);
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

    /// Unit-major copies, the mean error of each unit, and the error norm of each sample.
    template <std::size_t Samples>
    static auto transpose(std::span<const float, Samples * Units> errors,
                          std::span<const float, Samples * Units> outputs,
                          Workspace<Samples>& workspace) noexcept {
        struct Summary {
            std::array<float, Units> means;
            const float* norms;
        };
        Summary summary{{}, workspace.norms.data()};
        for (std::size_t s = 0; s < Samples; ++s) {
            float power = 0;
            for (std::size_t unit = 0; unit < Units; ++unit) {
                const float error = errors[s * Units + unit];
                workspace.errors[unit * Samples + s] = error;
                workspace.outputs[unit * Samples + s] = outputs[s * Units + unit];
                summary.means[unit] += error / static_cast<float>(Samples);
                power += error * error;
            }
            workspace.norms[s] = std::sqrt(power);
        }
        return summary;
    }
};

}  // namespace tdca
