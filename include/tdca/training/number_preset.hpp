// NumberPreset: what presets that learn numbers have in common, whole samples or sequences.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/facts.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/data/target_scaling.hpp"
#include "tdca/signal/regression.hpp"
#include "tdca/training/judging.hpp"

namespace tdca::inline TDCA_ABI {

/// How well a preset predicts numbers, in their own units, beside how much they vary.
struct RegressorEvaluation : RegressionEvaluation {
    /// Mean squared distance of the targets to their mean, each number's own.
    double variance = 0;

    /// 1 − loss / variance: 1 where all is right, 0 where the mean would do as well, and where the
    /// targets never change.
    [[nodiscard]] double r2() const noexcept { return variance > 0 ? 1 - loss / variance : 0; }
};

/// A preset that learns numbers: it standardises them for the network, and answers in their own
/// units.
///
/// @tparam Base `Preset<…>` or `SequencePreset<…>`
/// @tparam Samples minibatch size
template <class Base, std::size_t Samples>
class NumberPreset : public Base {
    using Target = typename Base::learner::Target;

public:
    using Base::outputs;
    using Base::steps;
    using Evaluation = RegressorEvaluation;

    /// Between the units of the targets and those of the network: of sequences one for all steps.
    using Scaling = TargetScaling<outputs>;

    /// As `Preset::fit`, on standardised targets.
    ///
    /// @throws tdca::Error as `Preset::fit`
    void fit(const Subset& samples, std::size_t updates) {
        this->require_fit_of(samples);
        scaling_ = Scaling::fit(samples, steps);
        const ScaledSampler<Samples, outputs, Target> sampler(samples, this->key_ / 1, scaling_);
        this->learn_from(sampler, sampler.data().size(), updates);
    }

    /// Errors in the units of the targets; what is not known is left out. Allocates nothing.
    ///
    /// @throws tdca::Error as `fit`, and before the first `fit`
    [[nodiscard]] Evaluation evaluate(const Subset& samples) {
        Evaluation sums;
        judge(samples, [&sums](std::size_t /*step*/) -> Evaluation& { return sums; });
        sums.finish();
        sums.variance = TargetMoments<outputs>::of(samples, steps).mean_variance();
        return this->unless_broken(sums);
    }

    /// Between the units of the targets and those of the network; goes with `params`.
    [[nodiscard]] const Scaling& scaling() const noexcept { return scaling_; }
    [[nodiscard]] Scaling& scaling() noexcept { return scaling_; }

    /// The scaling, as text that reads back to the same bits.
    ///
    /// @throws tdca::Error before the first `fit`
    [[nodiscard]] Facts facts() const {
        this->require_fit();
        return {{"target_mean", to_fact(std::span(scaling_.mean))},
                {"target_scale", to_fact(std::span(scaling_.scale))}};
    }
    /// Takes in what @ref facts gave.
    ///
    /// @throws tdca::Error naming the fact that is missing or broken; the scaling is then as before
    void read(const Facts& facts) {
        Scaling read;
        read_fact(facts, "target_mean", this->name_, this->name_, std::span(read.mean));
        read_fact(facts, "target_scale", this->name_, this->name_, std::span(read.scale));
        for (const double scale : read.scale) {
            require_positive(this->name_, "the fact target_scale", scale);
        }
        scaling_ = read;
    }

protected:
    using Base::Base;

    /// Adds what these samples tell to `sums_of(step)`, a `RegressionEvaluation`.
    template <class SumsOf>
    void judge(const Subset& samples, const SumsOf& sums_of) {
        this->require_fit();
        this->require_fit_of(samples);
        const auto target_of = [this](std::size_t s, [[maybe_unused]] std::size_t t) {
            const Target& target = this->life_.targets()[s];
            if constexpr (detail::LearnsSteps<typename Base::learner>) {
                return target[t];
            } else {
                return target;
            }
        };
        for (std::size_t first = 0; first < samples.size(); first += Samples) {
            const std::size_t count =
                samples.copy(first, this->life_.inputs(), this->life_.targets());
            this->answer_minibatch([&](std::size_t t, auto rows) {
                for (std::size_t s = 0; s < count; ++s) {
                    std::array<float, outputs> row;
                    std::copy_n(rows.data() + s * outputs, outputs, row.begin());
                    scaling_.undo(row);
                    Base::learner::top_down::signal::judge(std::span<const float, outputs>(row),
                                                           target_of(s, t), sums_of(t));
                }
            });
        }
    }

    Scaling scaling_;  ///< fitted to the targets
};

}  // namespace tdca
