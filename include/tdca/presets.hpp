// The front door to training: designs that serve, by name, with the genome that was evolved for
// them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "tdca/bottom_up/dense.hpp"    // IWYU pragma: export
#include "tdca/bottom_up/network.hpp"  // IWYU pragma: export
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/lifetime.hpp"
#include "tdca/training/universal_genome.hpp"

namespace tdca::inline TDCA_ABI {

/// The TDCA-network that serves for labels: feedback that learns to predict, diffused from 32
/// sources when the network is born, read by 8 hidden neurons.
template <std::size_t Classes>
using ClassifierTopDown = TopDownNetwork<ClassificationSignal<Classes>, Hidden<8>,
                                         GaussianDiffusion<32>, PredictiveFeedback<>>;

/// The learner that the shipped genomes of training belong to, on a network of one's own.
template <class Net>
using ClassifierLearner = Learner<Net, ClassifierTopDown<Net::output_shape::size>>;

/// Its genome: one type for every network.
using ClassifierGenome = ClassifierLearner<Network<Input<1>, Dense<2, Softmax>>>::Genome;

/// The genome that was evolved on six kinds of data, on networks of one to five layers:
/// examples/genomes/universal.safetensors. It trains any width, depth and kind of layer.
[[nodiscard]] inline ClassifierGenome universal_genome() noexcept {
    ClassifierGenome genome;
    genome.read(detail::universal_genes);
    return genome;
}

/// A network that learns labels by credits, ready to use: nothing to tune, no file to read.
///
///     Classifier<Network<Input<784>, Dense<100, Relu>, Dense<10, Softmax, ScaledNormal>>> model;
///     model.fit(train, 1000);
///     double accuracy = model.evaluate(test).accuracy;
///
/// Inputs should be standardised (`Standardization`, `FeatureStandardization`). The same seed gives
/// the same bits. Construction allocates; of the rest only what returns a container does.
///
/// @tparam Net the network; its output layer is a softmax over the classes
/// @tparam Samples minibatch size
template <class Net, std::size_t Samples = 64>
class Classifier {
public:
    using network = Net;
    using learner = ClassifierLearner<Net>;

    static constexpr std::size_t features = Net::input_shape::size;
    static constexpr std::size_t classes = Net::output_shape::size;

    /// @param seed of the network's random weights and of the order of samples
    /// @param genome how it learns
    explicit Classifier(std::uint64_t seed = 1, const ClassifierGenome& genome = universal_genome())
        : key_(seed), genome_(genome) {}

    /// Trains a new network on `updates` minibatches of these samples; what an earlier call taught
    /// is gone. Step sizes follow the number of updates, and end near zero.
    ///
    /// @throws tdca::Error where there are no samples, where they have another number of features
    ///   than the network has inputs, or more classes than it has outputs
    void fit(const Subset& samples, std::size_t updates) {
        life_.live(genome_, samples, key_, updates);
        is_fit_ = true;
    }

    /// Loss and accuracy on these samples.
    ///
    /// @throws tdca::Error as `fit`, and before the first `fit`
    [[nodiscard]] Evaluation evaluate(const Subset& samples) {
        require_fit();
        return life_.evaluate(samples);
    }

    /// What the network thinks of each sample: samples × classes, each row's sum 1.
    ///
    /// @param inputs samples × features, row-major
    /// @throws tdca::Error where that is no whole number of samples, and before the first `fit`
    [[nodiscard]] Matrix<float> probabilities(std::span<const float> inputs) {
        require_fit();
        if (inputs.size() % features != 0) {
            throw Error("Classifier", "the inputs are no whole number of samples",
                        "a multiple of " + to_text(features), to_text(inputs.size()));
        }
        const std::size_t count = inputs.size() / features;
        auto result = Matrix<float>::from_shape({count, classes});
        for (std::size_t first = 0; first < count; first += Samples) {
            const std::size_t here = std::min(Samples, count - first);
            std::ranges::copy(inputs.subspan(first * features, here * features),
                              life_.inputs().begin());
            auto& workspace = life_.workspace();
            Net::template forward<Samples>(std::as_const(life_).params(), life_.inputs(),
                                           workspace.activities, workspace.eligibilities);
            const auto outputs = workspace.activities.template get<Net::depth - 1>();
            std::ranges::copy(outputs.first(here * classes), result.data() + first * classes);
        }
        return result;
    }

    /// The most probable class of each sample.
    ///
    /// @throws tdca::Error as `probabilities`
    [[nodiscard]] std::vector<std::uint16_t> predict(std::span<const float> inputs) {
        const Matrix<float> rows = probabilities(inputs);
        std::vector<std::uint16_t> labels(rows.shape()[0]);
        for (std::size_t s = 0; s < labels.size(); ++s) {
            const std::span<const float> row(rows.data() + s * classes, classes);
            labels[s] = static_cast<std::uint16_t>(std::ranges::max_element(row) - row.begin());
        }
        return labels;
    }

    /// The network's weights: what `save_network` keeps and `load_network` fills.
    [[nodiscard]] const typename Net::Params& params() const noexcept { return life_.params(); }
    /// To be filled; the network is then as good as fitted.
    [[nodiscard]] typename Net::Params& params() noexcept {
        is_fit_ = true;
        return life_.params();
    }

private:
    void require_fit() const {
        if (!is_fit_) throw Error("Classifier", "the network has not learned yet: call fit before");
    }

    Key key_;
    ClassifierGenome genome_;
    Lifetime<learner, Samples> life_;
    bool is_fit_ = false;
};

}  // namespace tdca
