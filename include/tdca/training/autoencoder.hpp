// Autoencoder: a network that learns its own inputs through a narrow layer, ready to use.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "tdca/bottom_up/activations.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/data/input_sampler.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/data/target_scaling.hpp"
#include "tdca/training/number_preset.hpp"
#include "tdca/training/preset.hpp"
#include "tdca/training/universal.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// The layer of `Net` with the fewest outputs, the lowest of several.
template <class Net>
inline constexpr std::size_t narrowest_layer = [] {
    std::array<std::size_t, Net::depth> widths{};
    Net::for_each_layer([&](auto i) { widths[i] = Net::template layer<i>::output_shape::size; });
    return static_cast<std::size_t>(std::ranges::min_element(widths) - widths.begin());
}();

}  // namespace detail

/// A network that learns by credits to put out its own inputs. What its narrowest layer says of a
/// sample is a code: fewer numbers, from which the layers above tell the sample again.
///
///     using Net = Network<Input<196>, Dense<64, Relu>, Dense<16, Identity, ScaledNormal>,
///                         Dense<64, Relu>, Dense<196, Identity, ScaledNormal>>;
///     Autoencoder<Net> model;
///     model.fit(images, 3000);                          // labels are not looked at
///     double kept = model.evaluate(others).r2();
///     Matrix<float> codes = model.encode(inputs);       // samples × 16
///
/// Inputs should be standardised, and are not scaled any further: features that vary more count for
/// more. The same seed gives the same bits. Construction allocates; of the rest only what returns a
/// container does.
///
/// @tparam Net the network; its output layer has `Identity` and a unit for each input
/// @tparam Samples minibatch size
template <class Net, std::size_t Samples = 64>
class Autoencoder : public Preset<RegressorLearner<Net>, Samples> {
    using Base = Preset<RegressorLearner<Net>, Samples>;
    static constexpr std::size_t code_layer = detail::narrowest_layer<Net>;

public:
    using Base::features;
    using Evaluation = RegressorEvaluation;

    /// Numbers of a code.
    static constexpr std::size_t code = Net::template layer<code_layer>::output_shape::size;

    /// As `SequenceClassifier`'s.
    explicit Autoencoder(std::uint64_t seed = 1,
                         const ClassifierGenome& genome = architectures_genome())
        : Base("Autoencoder", seed, genome) {}

    /// As `Preset::fit`, of samples with whatever targets.
    ///
    /// @throws tdca::Error where there are no samples, or they have another number of features than
    ///   the network has inputs
    void fit(const Subset& samples, std::size_t updates) {
        const InputSampler<Samples, features> sampler(samples, this->key_ / 1);
        this->learn_from(sampler, samples.size(), updates);
    }

    /// How far what is told again is from the inputs. Allocates nothing.
    ///
    /// @throws tdca::Error as `fit`, and before the first `fit`
    [[nodiscard]] Evaluation evaluate(const Subset& samples) {
        this->require_fit();
        InputSampler<Samples, features>::require_samples(samples);
        Evaluation sums;
        const auto sample = [&](std::size_t i) { return samples.sample(i); };
        for (std::size_t first = 0; first < samples.size(); first += Samples) {
            const std::size_t here = std::min(Samples, samples.size() - first);
            for (std::size_t s = 0; s < here; ++s) {
                std::ranges::copy(sample(first + s), this->life_.targets()[s].begin());
                std::ranges::copy(sample(first + s), this->life_.inputs().begin() +
                                                         static_cast<std::ptrdiff_t>(s * features));
            }
            this->answer_minibatch([&](std::size_t /*step*/, auto rows) {
                for (std::size_t s = 0; s < here; ++s) {
                    Base::learner::top_down::signal::judge(
                        std::span<const float, features>(rows.subspan(s * features, features)),
                        this->life_.targets()[s], sums);
                }
            });
        }
        sums.finish();
        sums.variance = TargetMoments<features>::over(samples.size(), 1, sample).mean_variance();
        return this->unless_broken(sums);
    }

    /// The codes of samples: samples × `code`.
    ///
    /// @param inputs samples × features, row-major
    /// @throws tdca::Error as `Classifier::probabilities`
    [[nodiscard]] Matrix<float> encode(std::span<const float> inputs) {
        return this->template answer_rows<code>(
            inputs, features, "the inputs are no whole number of samples", [this](auto part) {
                std::ranges::copy(part, this->life_.inputs().begin());
                this->answer_minibatch([](std::size_t /*step*/, auto /*rows*/) {});
                return code_of_minibatch();
            });
    }

    /// What codes stand for: samples × features.
    ///
    /// @param codes samples × `code`, row-major
    /// @throws tdca::Error where that is no whole number of codes, and before the first `fit`
    [[nodiscard]] Matrix<float> decode(std::span<const float> codes) {
        return this->template answer_rows<features>(
            codes, code, "these are no whole number of codes", [this](auto part) {
                std::ranges::copy(part, code_of_minibatch().begin());
                auto& workspace = this->life_.workspace();
                Net::for_each_layer([&](auto i) {
                    if constexpr (i > code_layer) {
                        Net::template forward_layer<i, Samples>(
                            std::as_const(this->life_).params(), this->life_.inputs(),
                            workspace.activities, workspace.eligibilities);
                    }
                });
                return workspace.activities.template get<Net::depth - 1>();
            });
    }

    /// Samples as they are told again: samples × features.
    ///
    /// @throws tdca::Error as `encode`
    [[nodiscard]] Matrix<float> reconstruct(std::span<const float> inputs) {
        return this->answer(inputs);
    }

private:
    [[nodiscard]] std::span<float, Samples * code> code_of_minibatch() noexcept {
        return this->life_.workspace().activities.template get<code_layer>();
    }

    static_assert(Net::input_shape::size == Net::output_shape::size,
                  "an Autoencoder's output layer has a unit for each input");
    static_assert(detail::OutputsBy<Net, Identity>,
                  "an Autoencoder's output layer has Identity: it tells inputs of any size");
};

}  // namespace tdca
