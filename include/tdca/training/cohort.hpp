// Cohort: several networks that live the same lifetime side by side, each under its own genome.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "tdca/concepts/learner.hpp"
#include "tdca/concepts/minibatches.hpp"
#include "tdca/concepts/signal.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/memory.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/require_fit.hpp"
#include "tdca/data/sampler.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/training/judging.hpp"

namespace tdca::inline TDCA_ABI {

/// Owns the states of some learners and one workspace, and lets the learners live the same
/// lifetime: every minibatch is drawn once and learned from by all while it is in the cache.
/// Drawing costs as much as a small network's update, since samples lie anywhere in memory. A
/// member's life is the same, bit for bit, whatever the size of its cohort. Construction allocates;
/// nothing after does.
///
/// @tparam LearnerType a `LearnerLike`: `Learner<…>` or one's own
/// @tparam Samples minibatch size
template <class LearnerType, std::size_t Samples = 64>
class Cohort {
    static_assert(LearnerLike<LearnerType> || detail::tell_what_a_learner_lacks<LearnerType>(),
                  "this is no learner; see tdca/concepts/learner.hpp for what one must offer");
    static_assert(Samples > 0, "a minibatch needs at least one sample");

public:
    using learner = LearnerType;
    using network = typename LearnerType::network;
    using Genome = typename LearnerType::Genome;
    using State = typename LearnerType::State;
    using Workspace = typename LearnerType::template Workspace<Samples>;

    using Target = typename LearnerType::Target;  ///< what is told of a sample: a label, a number

    /// Whether what is told of a sample is its class.
    static constexpr bool has_labels = std::same_as<Target, std::uint16_t>;

    /// Steps of a sample that is a sequence, each with a target; or 1.
    static constexpr std::size_t steps = detail::steps_of<LearnerType>;

    /// What says how good outputs are: the learner's signal, if any does.
    using Judge = typename detail::JudgeOf<LearnerType>::type;
    /// What an evaluation tells.
    using Evaluation = typename Judge::Evaluation;

    static constexpr std::size_t features = network::input_shape::size;
    static constexpr std::size_t classes = network::output_shape::size;

    /// Minibatches that are drawn at a time: as many as half of a second-level cache of 1 MiB
    /// holds. Every member learns from all of them before the next member's state takes the other
    /// half.
    static constexpr std::size_t block =
        std::clamp<std::size_t>((1U << 19U) / (Samples * features * sizeof(float)), 1, 8);

    /// As many members as half of a third-level cache of 16 MiB holds; at least 1 and at most 16.
    static constexpr std::size_t natural_size =
        std::clamp<std::size_t>((1U << 23U) / sizeof(State), 1, 16);

    /// @param size members, at least 1
    explicit Cohort(std::size_t size = natural_size) : memory_(1), members_(size) {
        require_some("Cohort", "members", size);
    }

    /// Members.
    [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }

    /// Starts a new life for one member: a random network, trained by `genome`.
    void begin(std::size_t member, const Genome& genome, Key key, const Course& course) {
        members_[member].genome = genome;
        members_[member].course = course;
        LearnerType::begin(genome, key, course, members_[member].state);
    }

    /// The same for one member per genome, with one key: what their births have in common is done
    /// once.
    ///
    /// @throws tdca::Error where there are more genomes than members
    void begin(std::span<const Genome> genomes, Key key, const Course& course) {
        require_members(genomes.size());
        auto& newborn = members_.front().state.params;
        LearnerType::initialize_network(key, newborn);
        for (std::size_t m = genomes.size(); m-- > 0;) {
            Member& member = members_[m];
            if (m > 0) member.state.params = newborn;
            member.genome = genomes[m];
            member.course = course;
            LearnerType::begin_initialized(member.genome, key, course, member.state);
        }
    }

    /// A life that goes on from `state`, under this genome; with the genes that its learner decodes
    /// once a life where that offers `adopt(genome, course, state)`.
    void resume(std::size_t member, const Genome& genome, const Course& course,
                const State& state) {
        Member& m = members_[member] = {state, genome, course};
        if constexpr (requires { LearnerType::adopt(genome, course, m.state); }) {
            LearnerType::adopt(genome, course, m.state);
        }
    }

    /// One update of one member on minibatch number `slot` of those in memory. Allocates nothing.
    void update(std::size_t member, std::size_t slot = 0) noexcept {
        Member& m = members_[member];
        LearnerType::template update<Samples>(
            m.genome, m.course, std::span<const float, Samples * features>(inputs(slot)),
            std::span<const Target, Samples>(targets(slot)), m.state, memory().workspace);
    }

    /// `count` times: draws the next minibatch, and the first `living` members update on it.
    ///
    /// @throws tdca::Error as `check_training`
    template <MinibatchSource<Samples, Target> Source>
    void train(const Source& source, std::size_t count, std::size_t living) {
        check_training(source, count, living);
        const std::size_t age = members_.front().state.age;
        for (std::size_t done = 0; done < count; done += block) {
            const std::size_t drawn = std::min(block, count - done);
            for (std::size_t slot = 0; slot < drawn; ++slot) {
                source.draw(age + done + slot, inputs(slot), targets(slot));
            }
            for (std::size_t member = 0; member < living; ++member) {
                for (std::size_t slot = 0; slot < drawn; ++slot) update(member, slot);
            }
        }
    }

    /// Whether the first `living` members can learn from `count` minibatches of this source.
    ///
    /// @throws tdca::Error where what is drawn does not have the network's number of features or
    ///   more classes than it has output units, where there are fewer members or they are not of
    ///   one age, or where the course of one has fewer updates left: no schedule says what comes
    ///   after its end
    template <MinibatchSource<Samples, Target> Source>
    void check_training(const Source& source, std::size_t count, std::size_t living) const {
        source.require_fit(features, classes);
        require_members(living);
        const std::size_t age = members_.front().state.age;
        for (std::size_t m = 0; m < living; ++m) {
            if (members_[m].state.age != age) {
                throw Error("train", "member " + to_text(m) + " is not as old as the first", age,
                            members_[m].state.age);
            }
            const std::size_t planned = members_[m].course.updates;
            const std::size_t left = planned - std::min(age, planned);
            if (count > left) {
                throw Error("train", "more updates than the course of this life has left",
                            to_text(left) + " or fewer", to_text(count));
            }
        }
    }

    /// One member per genome lives `horizon` updates on minibatches of `data`, from birth; both
    /// follow from `key`.
    ///
    /// @throws tdca::Error where there are more genomes than members, where nothing is told of any
    ///   sample, or as `train`
    void live(std::span<const Genome> genomes, const Subset& data, Key key, std::size_t horizon)
        requires(ToldTarget<Target>)
    {
        const MinibatchSampler<Samples, Target> sampler(data, key / 1);
        begin(genomes, key / 0, Course::over(horizon, Samples, sampler.data().size()));
        train(sampler, horizon, genomes.size());
    }

    /// How good the first `results.size()` members are on `data`, with the weights as they are:
    /// loss and accuracy, or what else the signal tells; of sequences over all steps that have a
    /// target.
    ///
    /// @throws tdca::Error as `train`
    void evaluate(const Subset& data, std::span<Evaluation> results)
        requires(ToldTarget<Target> && JudgingSignal<Judge>)
    {
        judge(data, 0, results.size(), results,
              [results](std::size_t m, std::size_t /*step*/) -> Evaluation& { return results[m]; });
        for (std::size_t m = 0; m < results.size(); ++m) {
            // Activations such as ReLU hide a broken weight from the output.
            if (!network::all_finite(members_[m].state.params)) results[m].loss = broken;
        }
    }

    /// The same for one member, each step of sequences by itself; means are NaN of a step that
    /// nothing is told of.
    ///
    /// @throws tdca::Error as `train`
    void evaluate_steps(const Subset& data, std::size_t member,
                        std::span<Evaluation, steps> results)
        requires(ToldTarget<Target> && JudgingSignal<Judge>)
    {
        judge(data, member, 1, results,
              [results](std::size_t /*m*/, std::size_t t) -> Evaluation& { return results[t]; });
        if (network::all_finite(members_[member].state.params)) return;
        for (Evaluation& result : results) result.loss = broken;
    }

    /// The minibatch that `update` learns from, for callers who fill it themselves.
    [[nodiscard]] std::span<float, Samples * features> inputs(std::size_t slot = 0) noexcept {
        return memory().minibatches[slot].inputs;
    }
    /// Of the same minibatch.
    [[nodiscard]] std::span<Target, Samples> targets(std::size_t slot = 0) noexcept {
        return memory().minibatches[slot].targets;
    }
    /// The same, where they are classes.
    [[nodiscard]] std::span<Target, Samples> labels(std::size_t slot = 0) noexcept
        requires(has_labels)
    {
        return targets(slot);
    }

    [[nodiscard]] State& state(std::size_t member) noexcept { return members_[member].state; }
    [[nodiscard]] const State& state(std::size_t member) const noexcept {
        return members_[member].state;
    }
    [[nodiscard]] const Genome& genome(std::size_t member) const noexcept {
        return members_[member].genome;
    }
    [[nodiscard]] const Course& course(std::size_t member) const noexcept {
        return members_[member].course;
    }
    [[nodiscard]] Workspace& workspace() noexcept { return memory().workspace; }

private:
    struct Minibatch {
        alignas(alignment) std::array<float, Samples * features> inputs;
        std::array<Target, Samples> targets;
    };

    /// What all members share: minibatches, and scratch that no update leaves anything in.
    struct Memory {
        Workspace workspace;
        std::array<Minibatch, block> minibatches;
    };

    [[nodiscard]] Memory& memory() noexcept { return memory_.front(); }

    static constexpr double broken = std::numeric_limits<double>::quiet_NaN();

    struct Member {
        State state;
        Genome genome{};
        Course course;
    };

    /// Judges `count` members from number `first` on; `sums_of(member, step)` is one of `sums`.
    template <class SumsOf>
    void judge(const Subset& data, std::size_t first, std::size_t count, std::span<Evaluation> sums,
               const SumsOf& sums_of) {
        require_fit<Target>(data, features, classes);
        require_members(first + count);
        std::ranges::fill(sums, Evaluation{});
        for (std::size_t start = 0; start < data.size(); start += Samples) {
            const std::size_t here = data.copy(start, inputs(), targets());
            for (std::size_t m = first; m < first + count; ++m) {
                detail::judge_minibatch<LearnerType, Samples>(
                    std::as_const(members_[m]).state.params, inputs(), targets(), here,
                    memory().workspace,
                    [&, m](std::size_t step) -> Evaluation& { return sums_of(m, step); });
            }
        }
        for (Evaluation& each : sums) each.finish();
    }

    void require_members(std::size_t wanted) const {
        if (wanted <= size()) return;
        throw Error("Cohort", "more members are asked for than there are",
                    to_text(size()) + " or fewer", to_text(wanted));
    }

    std::vector<Memory, LargePages<Memory>> memory_;  // one
    std::vector<Member, LargePages<Member>> members_;
};

}  // namespace tdca
