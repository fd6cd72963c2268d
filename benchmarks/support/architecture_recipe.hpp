// The lifetimes that a genome is evolved on which is to serve layers of every kind.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "support/architectures.hpp"
#include "support/datasets.hpp"
#include "support/designs.hpp"
#include "support/memory_problems.hpp"
#include "support/sequence_data.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/task_distribution.hpp"
#include "tdca/evolution/training_task.hpp"

namespace tdca::support {

/// Networks of convolutions, recurrent units, attention, ways around and dense layers, on images
/// pooled to 14 × 14, and recurrent units on the copy and the adding problem. Every network of
/// docs/results/architectures.md is larger or another one, and its delays are others.
class ArchitectureRecipe {
public:
    using Representative = ClassifierLearner<DenseClassifier<784, 64>>;
    using Genome = Representative::Genome;
    using Lives = TaskDistribution<Representative>;

    static constexpr const char* description =
        "six lifetimes of 50 updates or more on minibatches of 64, of images pooled to 14x14 where "
        "nothing else is said: two of up to 3000 on convolutions (two layers of 8 and 16 or 6 and "
        "12 maps, or one of 8), one of up to 1500 by rows (Gru<32>, Lstm<24>, SelfAttention<24>), "
        "one of up to 1500 on copy after 5 or 15 steps and on adding in 12 or 20 (Gru<32>, "
        "Lstm<32>), one of up to 1500 on eight layers of 32 (plain and residual), one of up to "
        "3000 on 196-64-10 or 196-128-64-10";

    /// @param names data sets of images of 28 × 28
    /// @throws tdca::Error as `load_dataset`
    explicit ArchitectureRecipe(const std::vector<std::string>& names) {
        for (const std::string& name : names) {
            images_.push_back(
                // NOLINTNEXTLINE(modernize-make-unique): it can be neither copied nor moved
                std::unique_ptr<ExperimentData>(new ExperimentData(load_dataset(name))));
            lessons_.push_back(
                {images_.back()->pooled_train(), images_.back()->pooled_validation()});
        }
    }

    /// @param stage no lifetime is longer, in updates
    [[nodiscard]] Lives lives(std::size_t stage) const {
        Lives lives;
        const LifetimeRange maps = range(lessons_, std::min<std::size_t>(stage, 3000), 2);
        lives.stratum("convolutions", 2)
            .add(task<Maps<8, 16>>(maps))
            .add(task<Maps<6, 12>>(maps))
            .add(task<OneConvolution>(maps));
        const LifetimeRange rows = range(lessons_, std::min<std::size_t>(stage, 1500));
        lives.stratum("rows", 1)
            .add(task<Rows<Gru<32>, 14>>(rows))
            .add(task<Rows<Lstm<24>, 14>>(rows))
            .add(task<Rows<SelfAttention<24>, 14>>(rows));
        lives.stratum("memory", 1)
            .add(memory<CopyProblem<5>, Gru<32>>(copy_5_, stage))
            .add(memory<CopyProblem<15>, Gru<32>>(copy_15_, stage))
            .add(memory<AddingProblem<12>, Lstm<32>>(adding_12_, stage))
            .add(memory<AddingProblem<20>, Gru<32>>(adding_20_, stage));
        lives.stratum("deep", 1)
            .add(task<Deep<8, Dense<32, Relu>, 196, 32>>(rows))
            .add(task<Deep<8, Residual<Dense<32, Relu>>, 196, 32>>(rows));
        const LifetimeRange dense = range(lessons_, std::min<std::size_t>(stage, 3000));
        lives.stratum("dense", 1)
            .add(task<DenseClassifier<196, 64>>(dense))
            .add(task<DenseClassifier<196, 128, 64>>(dense));
        return lives;
    }

private:
    using Output = Dense<10, Softmax, ScaledNormal>;
    static constexpr Sliding same{.padding = 1};

    template <std::size_t First, std::size_t Second>
    using Maps = Network<Input<1, 14, 14>, Conv2d<First, 3, Relu, same>, MaxPool<2>,
                         Conv2d<Second, 3, Relu, same>, Output>;
    using OneConvolution = Network<Input<1, 14, 14>, Conv2d<8, 3, Relu, same>, MaxPool<2>, Output>;
    template <class Net>
    static TrainingTask<ClassifierLearner<Net>> task(const LifetimeRange& range) {
        return TrainingTask<ClassifierLearner<Net>>(range);
    }

    static LifetimeRange range(const std::vector<Lessons>& data, std::size_t longest,
                               std::size_t lifetimes = 1) {
        LifetimeRange range;
        range.data = data;
        range.longest = longest;
        range.lifetimes = lifetimes;
        return range;
    }

    template <class Problem, class Layer>
    static TrainingTask<ClassifierLearner<Reader<Problem, Layer>>> memory(const SequenceData& data,
                                                                          std::size_t stage) {
        return task<Reader<Problem, Layer>>(
            range({{data.train(), data.validation()}}, std::min<std::size_t>(stage, 1500)));
    }

    template <class Problem>
    static SequenceData lessons_in() {
        return sequences<Problem>(Key(Problem::delay), {20000, 2000, 0});
    }

    std::vector<std::unique_ptr<ExperimentData>> images_;
    std::vector<Lessons> lessons_;
    SequenceData copy_5_ = lessons_in<CopyProblem<5>>();
    SequenceData copy_15_ = lessons_in<CopyProblem<15>>();
    SequenceData adding_12_ = lessons_in<AddingProblem<12>>();
    SequenceData adding_20_ = lessons_in<AddingProblem<20>>();
};

}  // namespace tdca::support
