// Networks whose hidden layer is frozen at birth: what credits to it, or noise, must be better
// than.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <tuple>
#include <vector>

#include "support/comparison.hpp"
#include "support/designs.hpp"
#include "support/statistics.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/sampler.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/math/gemm.hpp"
#include "tdca/training/cohort.hpp"
#include "tdca/training/learner.hpp"

namespace tdca::support {

/// What a neuron of a frozen layer listens to.
enum class FrozenWeights {
    as_born,  ///< independent random weights
    /// A random mixture of training samples less their mean: what noise × presynaptic activity adds
    /// up to. No target is in it.
    mixtures
};

/// A frozen hidden layer.
struct FrozenLayer {
    FrozenWeights weights = FrozenWeights::as_born;
    float gain = 1;  ///< size of its weights, in units of what the genome has them born with
};

/// Replaces the first layer's weights by random mixtures of 1,024 samples, of the same size.
template <class Net>
void mix_from_samples(const Subset& samples, Key key, typename Net::Params& params) {
    using First = typename Net::template layer<0>;
    constexpr std::size_t batch = 64;
    constexpr std::size_t inputs = First::input_shape::size;
    constexpr std::size_t neurons = First::output_shape::size;
    struct Scratch {
        alignas(alignment) std::array<float, batch * inputs> seen;
        alignas(alignment) std::array<float, batch * neurons> shares;
        std::array<std::uint16_t, batch> labels;
        typename First::Params delta;
    };
    const auto scratch = std::make_unique<Scratch>();
    const std::span<float, batch * neurons> shares(scratch->shares);
    const auto weights = std::get<0>(params).template get<"weights">();
    const auto size = [&] {
        double power = 0;
        for (const float weight : weights) power += double{weight} * double{weight};
        return std::sqrt(power);
    };
    const double born = size();
    for (float& weight : weights) weight = 0;
    const MinibatchSampler<batch> sampler(samples, key / 0);
    for (std::size_t round = 0; round < 16; ++round) {
        sampler.draw(round, scratch->seen, scratch->labels);
        (key / 1 / round).fill_normal(std::span<float>(shares));
        centre_rows<batch, neurons>(1.0F, shares);
        First::template correlate<batch>(std::span<const float, batch * inputs>(scratch->seen),
                                         std::span<const float, batch * neurons>(shares), {},
                                         scratch->delta);
        const auto delta = scratch->delta.template get<"weights">();
        for (std::size_t i = 0; i < weights.size(); ++i) weights[i] += delta[i];
    }
    const auto scale = static_cast<float>(born / size());
    for (float& weight : weights) weight *= scale;
}

/// Accuracy on the test part, in percent, by layer and seed, of networks of which only the output
/// layer learns. Those of one seed live side by side. (Forgetting, which is no learning, takes half
/// a percent of the frozen weights.)
template <class Net>
std::vector<std::vector<double>> frozen_accuracies(
    const Arena& arena, const typename ClassifierLearner<Net>::Genome& genome, std::size_t horizon,
    std::span<const FrozenLayer> layers) {
    constexpr std::size_t batch = 64;
    const std::vector genomes(layers.size(), genome);
    std::vector<std::vector<double>> accuracy(layers.size(), std::vector<double>(arena.seeds));
    parallel_for(arena.seeds, arena.threads, [&](std::size_t seed, std::size_t) {
        const Key key = arena.lifetime_key(seed);
        Cohort<TamperedLearner<Net, Tampering::no_hidden_credit>, batch> cohort(layers.size());
        cohort.begin(genomes, key / 0, Course::over(horizon, batch, arena.train.size()));
        for (std::size_t m = 0; m < layers.size(); ++m) {
            auto& params = cohort.state(m).params;
            if (layers[m].weights == FrozenWeights::mixtures) {
                mix_from_samples<Net>(arena.train, key / 2, params);
            }
            tdca::detail::scale_hidden_weights<Net>(layers[m].gain, params);
        }
        cohort.train(MinibatchSampler<batch>(arena.train, key / 1), horizon, layers.size());
        std::vector<Evaluation> results(layers.size());
        cohort.evaluate(arena.test, results);
        for (std::size_t m = 0; m < layers.size(); ++m) {
            accuracy[m][seed] = 100 * results[m].accuracy;
        }
    });
    return accuracy;
}

/// The best size of a frozen layer, by validation.
struct TunedFrozen {
    FrozenLayer layer;
    double accuracy = 0;     ///< on validation samples, percent
    bool is_inside = false;  ///< whether sizes on either side of it are worse
};

/// Tries sizes a factor 2 apart, from 1/64 to 64, in lives that no comparison lives.
template <class Net>
TunedFrozen tune_frozen(const Arena& arena, const typename ClassifierLearner<Net>::Genome& genome,
                        std::size_t horizon, FrozenWeights weights) {
    Arena judge = arena;
    judge.test = arena.validation;
    judge.key = arena.tuning_key();
    judge.seeds = 4;
    std::vector<FrozenLayer> layers;
    for (float gain = 1.0F / 64; gain <= 64; gain *= 2) layers.push_back({weights, gain});
    const auto accuracies = frozen_accuracies<Net>(judge, genome, horizon, layers);
    TunedFrozen best;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const double accuracy = summarize(accuracies[i]).mean;
        if (accuracy > best.accuracy) {
            best = {layers[i], accuracy, i > 0 && i + 1 < layers.size()};
        }
    }
    return best;
}

}  // namespace tdca::support
