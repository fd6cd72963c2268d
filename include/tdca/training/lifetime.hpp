// Lifetime: one network's life from birth to evaluation, with everything it needs on the heap.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "tdca/concepts/minibatches.hpp"
#include "tdca/concepts/signal.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/training/cohort.hpp"

namespace tdca::inline TDCA_ABI {

/// Owns the state and the workspace of one learner, and runs lifetimes in them, one after the
/// other: a @ref Cohort of one. Construction allocates; nothing after it does.
///
/// @tparam LearnerType a `LearnerLike`: `Learner<…>` or one's own
/// @tparam Samples minibatch size
template <class LearnerType, std::size_t Samples = 64>
class Lifetime {
    using One = Cohort<LearnerType, Samples>;

public:
    using learner = LearnerType;
    using network = typename LearnerType::network;
    using Genome = typename LearnerType::Genome;

    using Target = typename One::Target;          ///< what is told of a sample: a label, a number
    using Evaluation = typename One::Evaluation;  ///< what an evaluation tells

    static constexpr std::size_t features = One::features;
    static constexpr std::size_t classes = One::classes;

    /// Starts a new life: a random network, trained by `genome`. The course may be just a number of
    /// updates; `live` also tells the genome how often it will see each sample.
    void begin(const Genome& genome, Key key, const Course& course) {
        one_.begin(0, genome, key, course);
    }

    /// One update on the minibatch in `inputs()` and `targets()`. Allocates nothing.
    void update() noexcept { one_.update(0); }

    /// Draws the next minibatch and updates on it, `count` times.
    ///
    /// @throws tdca::Error as `check_training`
    template <MinibatchSource<Samples, Target> Source>
    void train(const Source& source, std::size_t count) {
        one_.train(source, count, 1);
    }

    /// Whether this life can learn from `count` minibatches of this source.
    ///
    /// @throws tdca::Error where what is drawn does not have the network's number of features or
    ///   more classes than it has output units, or where the course has fewer updates left
    template <MinibatchSource<Samples, Target> Source>
    void check_training(const Source& source, std::size_t count) const {
        one_.check_training(source, count, 1);
    }

    /// Lives `horizon` updates on minibatches of `data`, from birth; both follow from `key`.
    void live(const Genome& genome, const Subset& data, Key key, std::size_t horizon)
        requires(ToldTarget<Target>)
    {
        one_.live(std::span<const Genome>(&genome, 1), data, key, horizon);
    }

    /// How good the network is on `data`, with the weights as they are: loss and accuracy, or what
    /// else the signal tells.
    ///
    /// @throws tdca::Error as `train`
    [[nodiscard]] Evaluation evaluate(const Subset& data)
        requires(ToldTarget<Target> && JudgingSignal<typename One::Judge>)
    {
        Evaluation result;
        one_.evaluate(data, std::span<Evaluation>(&result, 1));
        return result;
    }

    /// The same, of each step of sequences by itself; means are NaN of one that nothing is told of.
    ///
    /// @throws tdca::Error as `train`
    [[nodiscard]] std::array<Evaluation, One::steps> evaluate_steps(const Subset& data)
        requires(ToldTarget<Target> && JudgingSignal<typename One::Judge>)
    {
        std::array<Evaluation, One::steps> results;
        one_.evaluate_steps(data, 0, results);
        return results;
    }

    /// The minibatch that `update` learns from, for callers who fill it themselves.
    [[nodiscard]] std::span<float, Samples * features> inputs() noexcept { return one_.inputs(); }
    /// Of the next minibatch, to be filled.
    [[nodiscard]] std::span<Target, Samples> targets() noexcept { return one_.targets(); }
    /// The same, where they are classes.
    [[nodiscard]] std::span<Target, Samples> labels() noexcept
        requires(One::has_labels)
    {
        return targets();
    }

    [[nodiscard]] typename network::Params& params() noexcept { return state().params; }
    [[nodiscard]] const typename network::Params& params() const noexcept {
        return one_.state(0).params;
    }
    /// The genome and the course that the life was begun with.
    [[nodiscard]] const Genome& genome() const noexcept { return one_.genome(0); }
    /// The plan of this lifetime.
    [[nodiscard]] const Course& course() const noexcept { return one_.course(0); }
    /// What the learner has come to.
    [[nodiscard]] typename LearnerType::State& state() noexcept { return one_.state(0); }
    /// Scratch of the latest update.
    [[nodiscard]] typename LearnerType::template Workspace<Samples>& workspace() noexcept {
        return one_.workspace();
    }

private:
    One one_{1};
};

}  // namespace tdca
