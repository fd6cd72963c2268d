// Preset: what classifiers and regressors that are ready to use have in common.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include "tdca/concepts/activation.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/training/lifetime.hpp"
#include "tdca/training/universal.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

template <class L>
struct ActivationOf {
    using type = void;
};
template <class L>
    requires requires { typename L::activation; }
struct ActivationOf<L> {
    using type = typename L::activation;
};

/// The activation of a network's output layer; void where the layer names none, as one's own may.
template <class Net>
using OutputActivation = typename ActivationOf<typename Net::template layer<Net::depth - 1>>::type;

/// Whether the output layer of `Net` has activation `Function`, or names none.
template <class Net, class Function>
concept OutputsBy =
    std::is_void_v<OutputActivation<Net>> || std::same_as<OutputActivation<Net>, Function>;

/// Whether the output layer of `Net` normalises its outputs, as softmax does, or names no
/// activation.
template <class Net>
concept OutputsProbabilities =
    std::is_void_v<OutputActivation<Net>> || NormalizingActivation<OutputActivation<Net>>;

}  // namespace detail

/// What is ready to use: a life with the universal genome, and whether it was lived.
///
/// @tparam LearnerType one of `UniversalLearner`
/// @tparam Samples minibatch size
template <class LearnerType, std::size_t Samples>
class Preset {
public:
    using network = typename LearnerType::network;
    using learner = LearnerType;
    using Evaluation = typename Lifetime<LearnerType, Samples>::Evaluation;  ///< by its signal

    static constexpr std::size_t features = network::input_shape::size;
    static constexpr std::size_t outputs = network::output_shape::size;

    /// Trains a new network on `updates` minibatches of these samples; what an earlier call taught
    /// is gone. Step sizes follow the number of updates, and end near zero.
    ///
    /// @throws tdca::Error where there are no samples, where they have another number of features
    ///   than the network has inputs, more classes or numbers than it has outputs, or labels where
    ///   it learns numbers, or the reverse
    void fit(const Subset& samples, std::size_t updates) {
        life_.live(genome_, samples, key_, updates);
        is_fit_ = true;
    }

    /// How good the network is on these samples.
    ///
    /// @throws tdca::Error as `fit`, and before the first `fit`
    [[nodiscard]] Evaluation evaluate(const Subset& samples) {
        require_fit();
        return life_.evaluate(samples);
    }

    /// The network's weights: what `save_network` keeps and `load_network` fills.
    [[nodiscard]] const typename network::Params& params() const noexcept { return life_.params(); }
    /// To be filled; the network is then as good as fitted.
    [[nodiscard]] typename network::Params& params() noexcept {
        is_fit_ = true;
        return life_.params();
    }

protected:
    /// A network that has not learned yet; `name` is the class that errors name.
    Preset(const char* name, std::uint64_t seed, const ClassifierGenome& genome)
        : name_(name), key_(seed), genome_(genome) {}

    /// @throws tdca::Error before the first `fit`
    void require_fit() const {
        if (!is_fit_) throw Error(name_, "the network has not learned yet: call fit before");
    }

    /// The network's outputs for each sample: samples × output units.
    [[nodiscard]] Matrix<float> answer(std::span<const float> inputs) {
        require_fit();
        if (inputs.size() % features != 0) {
            throw Error(name_, "the inputs are no whole number of samples",
                        "a multiple of " + to_text(features), to_text(inputs.size()));
        }
        const std::size_t count = inputs.size() / features;
        auto result = Matrix<float>::from_shape({count, outputs});
        for (std::size_t first = 0; first < count; first += Samples) {
            const std::size_t here = std::min(Samples, count - first);
            std::ranges::copy(inputs.subspan(first * features, here * features),
                              life_.inputs().begin());
            std::ranges::copy(answer_minibatch().first(here * outputs),
                              result.data() + first * outputs);
        }
        return result;
    }

    /// The network's outputs for the minibatch in the life's inputs: `Samples` × output units, the
    /// life's scratch. Allocates nothing.
    [[nodiscard]] std::span<float, Samples * outputs> answer_minibatch() noexcept {
        auto& workspace = life_.workspace();
        network::template forward<Samples>(std::as_const(life_).params(), life_.inputs(),
                                           workspace.activities, workspace.eligibilities);
        return workspace.activities.template get<network::depth - 1>();
    }

    const char* name_;                     ///< the class that errors name
    Key key_;                              ///< random numbers of every `fit`
    ClassifierGenome genome_;              ///< what guides learning
    Lifetime<LearnerType, Samples> life_;  ///< network and scratch
    bool is_fit_ = false;                  ///< whether the network has learned, or was filled
};

}  // namespace tdca
