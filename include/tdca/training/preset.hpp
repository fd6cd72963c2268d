// Preset: what classifiers and regressors that are ready to use have in common.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "tdca/concepts/activation.hpp"
#include "tdca/concepts/minibatches.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/facts.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/data/require_fit.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/training/judging.hpp"
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

/// The number of the largest in each row.
[[nodiscard]] inline std::vector<std::uint16_t> most_probable(const Matrix<float>& rows) {
    const std::size_t classes = rows.shape()[1];
    std::vector<std::uint16_t> labels(rows.shape()[0]);
    for (std::size_t s = 0; s < labels.size(); ++s) {
        const std::span<const float> row(rows.data() + s * classes, classes);
        labels[s] = static_cast<std::uint16_t>(std::ranges::max_element(row) - row.begin());
    }
    return labels;
}

}  // namespace detail

/// What is ready to use: a life under a genome that was evolved for it, and whether it was lived.
///
/// @tparam LearnerType one of `UniversalLearner`, or of `UniversalSequenceLearner`
/// @tparam Samples minibatch size
template <class LearnerType, std::size_t Samples>
class Preset {
public:
    using network = typename LearnerType::network;
    using learner = LearnerType;
    using Evaluation = typename Lifetime<LearnerType, Samples>::Evaluation;  ///< by its signal

    static constexpr std::size_t features = network::input_shape::size;
    static constexpr std::size_t outputs = network::output_shape::size;
    static constexpr std::size_t steps = detail::steps_of<LearnerType>;

    /// Trains a new network on `updates` minibatches of these samples; what an earlier call taught
    /// is gone. Step sizes follow the number of updates, and end near zero.
    ///
    /// @throws tdca::Error where there are no samples, where they have another number of features
    ///   than the network has inputs, more classes or numbers than it has outputs, or labels where
    ///   it learns numbers, or the reverse; of sequences also where no step has a target
    void fit(const Subset& samples, std::size_t updates) {
        require_fit_of(samples);
        life_.live(genome_, samples, key_, updates);
        is_fit_ = true;
    }

    /// How good the network is on these samples.
    ///
    /// @throws tdca::Error as `fit`, and before the first `fit`
    [[nodiscard]] Evaluation evaluate(const Subset& samples) {
        require_fit();
        require_fit_of(samples);
        return life_.evaluate(samples);
    }

    /// The network's weights: what `save_network` keeps and `load_network` fills.
    [[nodiscard]] const typename network::Params& params() const noexcept { return life_.params(); }
    /// To be filled; the network is then as good as fitted.
    [[nodiscard]] typename network::Params& params() noexcept {
        is_fit_ = true;
        return life_.params();
    }

    /// What goes with the parameters where they are kept: nothing, but for numbers. See
    /// `save_network(path, preset)`.
    ///
    /// @throws tdca::Error before the first `fit`
    [[nodiscard]] Facts facts() const {
        require_fit();
        return {};
    }
    /// Takes in what `facts` gave.
    void read(const Facts& /*facts*/) noexcept {}

protected:
    /// A network that has not learned yet; `name` is the class that errors name.
    Preset(const char* name, std::uint64_t seed, ClassifierGenome genome)
        : name_(name), key_(seed), genome_(std::move(genome)) {}

    /// @throws tdca::Error before the first `fit`
    void require_fit() const {
        if (!is_fit_) throw Error(name_, "the network has not learned yet: call fit before");
    }

    /// @throws tdca::Error where these samples are not for the network; as `fit`
    void require_fit_of(const Subset& samples) {
        using Target = typename LearnerType::Target;
        tdca::require_fit<Target>(samples, features, outputs);
        if constexpr (detail::LearnsSteps<LearnerType>) {
            Target& targets = life_.targets().front();
            for (std::size_t i = 0; i < samples.size(); ++i) {
                samples.tell(i, targets);
                if (std::ranges::any_of(targets, [](const auto& told) { return told.is_told; })) {
                    return;
                }
            }
            throw Error(samples.name(), "no step of any sequence has a target", "at least 1", "0");
        }
    }

    /// Trains a new network on the minibatches of `sampler`, which draws from so many samples.
    template <MinibatchSource<Samples, typename LearnerType::Target> Sampler>
    void learn_from(const Sampler& sampler, std::size_t samples, std::size_t updates) {
        life_.begin(genome_, key_ / 0, Course::over(updates, Samples, samples));
        life_.train(sampler, updates);
        is_fit_ = true;
    }

    /// The network's outputs for each sample: samples × output units.
    [[nodiscard]] Matrix<float> answer(std::span<const float> inputs) {
        return answer_rows<outputs>(
            inputs, features, "the inputs are no whole number of samples", [this](auto part) {
                std::ranges::copy(part, life_.inputs().begin());
                std::span<const float> rows;
                answer_minibatch([&rows](std::size_t /*step*/, auto said) { rows = said; });
                return rows;
            });
    }

    /// A row of `Width` numbers for each row of `each`: `run(part)`, of `Samples` rows at most,
    /// returns a minibatch of them.
    ///
    /// @param problem what an error says
    /// @throws tdca::Error where `rows` is no whole number of rows, and before the first `fit`
    template <std::size_t Width, class Run>
    [[nodiscard]] Matrix<float> answer_rows(std::span<const float> rows, std::size_t each,
                                            const char* problem, Run&& run) const {
        require_fit();
        if (rows.size() % each != 0) {
            throw Error(name_, problem, "a multiple of " + to_text(each), to_text(rows.size()));
        }
        const std::size_t count = rows.size() / each;
        auto result = Matrix<float>::from_shape({count, Width});
        for (std::size_t first = 0; first < count; first += Samples) {
            const std::size_t here = std::min(Samples, count - first);
            const std::span<const float> said = run(rows.subspan(first * each, here * each));
            std::ranges::copy(said.first(here * Width), result.data() + first * Width);
        }
        return result;
    }

    /// Calls `visit(step, rows)` with the network's outputs for the minibatch in the life's inputs,
    /// `Samples` × output units: at each step of sequences, else once, at step 0. Allocates
    /// nothing.
    template <class Visit>
    void answer_minibatch(Visit&& visit) {
        auto& workspace = life_.workspace();
        const auto& params = std::as_const(life_).params();
        if constexpr (detail::LearnsSteps<LearnerType>) {
            LearnerType::template for_each_step<Samples>(params, life_.inputs(), workspace, visit);
        } else {
            network::template forward<Samples>(params, life_.inputs(), workspace.activities,
                                               workspace.eligibilities);
            visit(std::size_t{0},
                  std::as_const(workspace.activities).template get<network::depth - 1>());
        }
    }

    /// An evaluation whose loss is NaN where a weight is not finite: activations can hide that from
    /// the outputs.
    template <class Sums>
    [[nodiscard]] Sums unless_broken(Sums sums) const noexcept {
        if (!network::all_finite(life_.params())) {
            sums.loss = std::numeric_limits<double>::quiet_NaN();
        }
        return sums;
    }

    const char* name_;                     ///< the class that errors name
    Key key_;                              ///< random numbers of every `fit`
    ClassifierGenome genome_;              ///< what guides learning
    Lifetime<LearnerType, Samples> life_;  ///< network and scratch
    bool is_fit_ = false;                  ///< whether the network has learned, or was filled
};

}  // namespace tdca
