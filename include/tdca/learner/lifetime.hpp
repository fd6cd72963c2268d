// Lifetime: one network's life from birth to evaluation, with everything it needs on the heap.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/sampler.hpp"

namespace tdca {

/// How well a classifier does on a set of samples.
struct Evaluation {
    double loss = 0;      ///< mean cross-entropy, nats
    double accuracy = 0;  ///< fraction of samples whose most probable class is theirs
};

/// Owns the state and the workspace of one learner, and runs lifetimes in them, one after the
/// other. Construction allocates; nothing after it does.
///
/// @tparam LearnerType `Learner<…>`, or anything with its members
/// @tparam Samples minibatch size
template <class LearnerType, std::size_t Samples = 64>
class Lifetime {
public:
    using learner = LearnerType;
    using network = typename LearnerType::network;
    using Genome = typename LearnerType::Genome;

    static constexpr std::size_t features = network::input_shape::size;
    static constexpr std::size_t classes = network::output_shape::size;

    Lifetime() : memory_(std::make_unique<Memory>()) {}

    /// Starts a new life of `horizon` updates: a random network, trained by `genome`.
    void begin(const Genome& genome, Key key, std::size_t horizon) {
        genome_ = genome;
        horizon_ = horizon;
        LearnerType::birth(genome_, key, memory_->state);
    }

    /// One update on the minibatch in `inputs()` and `labels()`. Allocates nothing.
    void update() noexcept {
        LearnerType::template update<Samples>(
            genome_, horizon_, std::span<const float, Samples * features>(memory_->inputs),
            std::span<const std::uint16_t, Samples>(memory_->labels), memory_->state,
            memory_->workspace);
    }

    /// Draws the next minibatch and updates on it, `count` times.
    ///
    /// @throws tdca::Error where the data do not have the network's number of features or classes
    void train(const MinibatchSampler<Samples>& sampler, const Subset& data, std::size_t count) {
        require_fit(data);
        for (std::size_t k = 0; k < count; ++k) {
            sampler.draw(memory_->state.age, inputs(), labels());
            update();
        }
    }

    /// Lives `horizon` updates on minibatches of `data`, from birth; both follow from `key`.
    void live(const Genome& genome, const Subset& data, Key key, std::size_t horizon) {
        begin(genome, key / 0, horizon);
        train(MinibatchSampler<Samples>(data, key / 1), data, horizon);
    }

    /// Loss and accuracy on `data`, with the weights as they are.
    ///
    /// @throws tdca::Error as `train`
    [[nodiscard]] Evaluation evaluate(const Subset& data) {
        require_fit(data);
        double loss = 0;
        std::size_t hits = 0;
        for (std::size_t first = 0; first < data.size(); first += Samples) {
            const std::size_t count = data.copy(first, inputs(), labels());
            network::template forward<Samples>(
                memory_->state.params, std::as_const(*memory_).input(),
                memory_->workspace.activities, memory_->workspace.eligibilities);
            const auto outputs =
                std::as_const(memory_->workspace.activities).template get<network::depth - 1>();
            for (std::size_t s = 0; s < count; ++s) {
                const auto p = outputs.subspan(s * classes, classes);
                const std::size_t label = memory_->labels[s];
                loss -= std::log(std::fmax(static_cast<double>(p[label]), 1e-30));
                // A NaN compares false with everything, and so counts as a miss.
                bool hit = true;
                for (std::size_t c = 0; c < classes; ++c) hit &= c == label || p[label] > p[c];
                hits += hit ? 1 : 0;
                if (!std::isfinite(p[label])) loss = std::numeric_limits<double>::quiet_NaN();
            }
        }
        const auto total = static_cast<double>(data.size());
        return {loss / total, static_cast<double>(hits) / total};
    }

    /// The minibatch that `update` learns from, for callers who fill it themselves.
    [[nodiscard]] std::span<float, Samples * features> inputs() noexcept { return memory_->inputs; }
    [[nodiscard]] std::span<std::uint16_t, Samples> labels() noexcept { return memory_->labels; }

    [[nodiscard]] typename network::Params& params() noexcept { return memory_->state.params; }
    [[nodiscard]] const typename network::Params& params() const noexcept {
        return memory_->state.params;
    }
    [[nodiscard]] typename LearnerType::State& state() noexcept { return memory_->state; }
    [[nodiscard]] typename LearnerType::template Workspace<Samples>& workspace() noexcept {
        return memory_->workspace;
    }

private:
    struct Memory {
        typename LearnerType::State state;
        typename LearnerType::template Workspace<Samples> workspace;
        alignas(alignment) std::array<float, Samples * features> inputs;
        std::array<std::uint16_t, Samples> labels;

        [[nodiscard]] std::span<const float, Samples * features> input() const { return inputs; }
    };

    static void require_fit(const Subset& data) {
        if (data.size() == 0) throw Error(data.name(), "no samples");
        if (data.features() != features) {
            throw Error(data.name(), "features per sample differ from the network's inputs",
                        features, data.features());
        }
        if (data.classes() > classes) {
            throw Error(data.name(), "more classes than the network has outputs", classes,
                        data.classes());
        }
    }

    std::unique_ptr<Memory> memory_;
    Genome genome_{};
    std::size_t horizon_ = 0;
};

}  // namespace tdca
