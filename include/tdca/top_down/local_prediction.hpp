// LocalPrediction: what one layer alone would answer, and how wrong it is.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/concepts/signal.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/gemm.hpp"
#include "tdca/math/lanes.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// A layer's own guess at the target, read through its feedback weights F (output units × neurons),
/// and the errors that follow from it:
///   guess      p = interpret(r / N · a Fᵀ)      with a the layer's activity, N neurons
///   local      e = target − p
///   sent       ε = (1 − μ) ê + μ e              what the layer's credit is made of
///   lesson     λ = (1 − ν) ê + ν e − κ mean(…)  what its feedback weights learn from
/// ê is the error that the top feeds back; r, μ, ν and κ are genes, μ and ν logistic functions of
/// depth and progress. F is the layer's own; no forward weight is read.
///
/// @tparam SignalType what the top level sees
template <class SignalType>
struct LocalPrediction {
    static_assert(
        InterpretingSignal<SignalType>,
        "this signal does not say what a layer's guess looks like; see InterpretingSignal "
        "in tdca/concepts/signal.hpp");

    static constexpr std::size_t classes = SignalType::width;

    /// `trust` and `lesson`: coefficients of 1, depth and progress in the logits of μ and ν.
    using Genome = Genes<float, Parameter<"log_gain", Shape<1>>, Parameter<"trust", Shape<3>>,
                         Parameter<"lesson", Shape<3>>, Parameter<"centring", Shape<1>>>;

    /// Genes as they apply to one layer now.
    struct Mixture {
        float gain;      ///< r
        float trust;     ///< μ
        float lesson;    ///< ν
        float centring;  ///< κ
    };

    template <std::size_t Samples, std::size_t Neurons>
    struct Workspace {
        alignas(alignment) std::array<float, Neurons * classes> readout;  ///< r / N · Fᵀ
        alignas(alignment) std::array<float, Samples * classes> guess;    ///< p
        alignas(alignment) std::array<float, Samples * classes> local;    ///< e
        alignas(alignment) std::array<float, Samples * classes> lesson;   ///< λ
    };

    /// Half of each error; guesses are small before anything is learned.
    static void initialize(Genome& genome) noexcept { genome.template get<"log_gain">()[0] = 0.5F; }

    [[nodiscard]] static Mixture decode(const Genome& genome, float depth,
                                        const Progress& progress) noexcept {
        const auto logistic = [](float x) { return 1.0F / (1.0F + std::exp(-x)); };
        const auto at = [&](auto genes) {
            return logistic(genes[0] + genes[1] * depth + genes[2] * progress.fraction);
        };
        return {std::exp(genome.template get<"log_gain">()[0]), at(genome.template get<"trust">()),
                at(genome.template get<"lesson">()),
                logistic(genome.template get<"centring">()[0])};
    }

    /// Fills `sent`, and `workspace.lesson`.
    ///
    /// @param activity `Samples` × `Neurons`
    /// @param weights F, output units × `Neurons`
    /// @param fed_back ê, `Samples` × output units
    /// @param told what the task says of each sample
    /// @param sent ε, `Samples` × output units
    template <std::size_t Samples, std::size_t Neurons>
    static void predict(const Mixture& mixture, std::span<const float, Samples * Neurons> activity,
                        std::span<const float, classes * Neurons> weights,
                        std::span<const float, Samples * classes> fed_back,
                        std::span<const typename SignalType::Target, Samples> told,
                        Workspace<Samples, Neurons>& workspace,
                        std::span<float, Samples * classes> sent) noexcept {
        const std::span<float, Samples * classes> lesson(workspace.lesson);
        guess(mixture, activity, weights, told, workspace);
        const std::span<const float, Samples * classes> local(workspace.local);
        mix<Samples * classes>(mixture.trust, fed_back, local, sent);
        mix<Samples * classes>(mixture.lesson, fed_back, local, lesson);
        centre_rows<Samples, classes>(mixture.centring, lesson);
    }

    /// The same for a layer that trusts in itself alone, μ = ν = 1: no error is fed back to it, and
    /// what is sent is `workspace.local`.
    template <std::size_t Samples, std::size_t Neurons>
    static void predict_alone(const Mixture& mixture,
                              std::span<const float, Samples * Neurons> activity,
                              std::span<const float, classes * Neurons> weights,
                              std::span<const typename SignalType::Target, Samples> told,
                              Workspace<Samples, Neurons>& workspace) noexcept {
        guess(mixture, activity, weights, told, workspace);
        workspace.lesson = workspace.local;
        centre_rows<Samples, classes>(mixture.centring,
                                      std::span<float, Samples * classes>(workspace.lesson));
    }

private:
    /// Fills p and e.
    template <std::size_t Samples, std::size_t Neurons>
    static void guess(const Mixture& mixture, std::span<const float, Samples * Neurons> activity,
                      std::span<const float, classes * Neurons> weights,
                      std::span<const typename SignalType::Target, Samples> told,
                      Workspace<Samples, Neurons>& workspace) noexcept {
        const float scale = mixture.gain / static_cast<float>(Neurons);
        if constexpr (Neurons % lanes<float> == 0) {
            simd::from_columns<Neurons, classes>(weights.data(), workspace.readout.data());
            const std::span<float, Neurons * classes> readout(workspace.readout);
            simd::map(
                readout, [scale](auto w) { return decltype(w)(scale) * w; }, readout);
        } else {
            for (std::size_t j = 0; j < Neurons; ++j) {
                for (std::size_t c = 0; c < classes; ++c) {
                    workspace.readout[j * classes + c] = scale * weights[c * Neurons + j];
                }
            }
        }
        const std::span<float, Samples * classes> guess(workspace.guess);
        multiply<Samples, Neurons, classes>(
            activity, std::span<const float, Neurons * classes>(workspace.readout), guess);
        SignalType::template interpret<Samples>(guess);
        SignalType::template observe<Samples>(std::span<const float, Samples * classes>(guess),
                                              told,
                                              std::span<float, Samples * classes>(workspace.local));
    }

    /// out = (1 − share) a + share b; b itself where the share is 1.
    template <std::size_t N>
    static void mix(float share, std::span<const float, N> a, std::span<const float, N> b,
                    std::span<float, N> out) noexcept {
        if (share == 1.0F) {
            std::ranges::copy(b, out.begin());
            return;
        }
        simd::map(
            out, [share](auto x, auto y) { return simd::fma(decltype(x)(share), y - x, x); }, a, b);
    }
};

namespace detail {

/// Stands for `LocalPrediction` where layers make no guesses.
struct NoPrediction {
    using Genome = Genes<float>;
    static void initialize(Genome& /*genome*/) noexcept {}
    template <std::size_t Samples, std::size_t Neurons>
    struct Workspace {};
};

}  // namespace detail

}  // namespace tdca
