// The recipe for a genome that serves whatever comes: labels, numbers and several labels, images
// and tables.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "support/designs.hpp"
#include "support/recipes.hpp"
#include "support/table_suite.hpp"
#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/evolution/task_distribution.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/presets.hpp"

namespace tdca::support {

/// Dense layers for numbers, and for several labels.
template <std::size_t Inputs, std::size_t Outputs, class Function, std::size_t... Widths>
using NumbersMlp =
    Network<Input<Inputs>, Dense<Widths, Function>..., Dense<Outputs, Identity, ScaledNormal>>;
template <std::size_t Inputs, std::size_t Outputs, class Function, std::size_t... Widths>
using LabelsMlp =
    Network<Input<Inputs>, Dense<Widths, Function>..., Dense<Outputs, Sigmoid, ScaledNormal>>;

/// The tables of the suite's half that evolution may see, as lessons for networks of 64 and of 256
/// inputs, and images that are to be put out as they come in. Stays where it was made.
class EveryData {
public:
    explicit EveryData(const RecipeData& images) {
        for (const TableTask& task : table_suite) {
            if (task.half == Half::evolution) add(task);
        }
        for (const auto* lessons : {&images.digits, &images.images}) {
            for (const Lessons& one : *lessons) add_autoencoder(one);
        }
    }
    EveryData(const EveryData&) = delete;
    EveryData& operator=(const EveryData&) = delete;

    std::vector<Lessons> numbers;         ///< up to 64 inputs
    std::vector<Lessons> wide_numbers;    ///< up to 256
    std::vector<Lessons> classes;         ///< up to 64 inputs, 4 classes
    std::vector<Lessons> many_classes;    ///< up to 64 inputs, 26 classes
    std::vector<Lessons> wide_classes;    ///< up to 256 inputs, 4 classes
    std::vector<Lessons> labels;          ///< up to 64 inputs, 6 labels
    std::vector<Lessons> small_pictures;  ///< 8 × 8, to be put out again
    std::vector<Lessons> pictures;        ///< 14 × 14, to be put out again

private:
    void add(const TableTask& task) {
        tables_.push_back(std::make_unique<TableData>(task));
        const TableData& data = *tables_.back();
        const bool wide = data.width() == TableData::wide;
        const Lessons lessons{data.train(), data.validation()};
        if (task.kind == TargetKind::numbers) {
            (wide ? wide_numbers : numbers).push_back(lessons);
        } else if (task.kind == TargetKind::labels) {
            labels.push_back(lessons);
        } else if (data.outputs() > 4) {
            many_classes.push_back(lessons);
        } else {
            (wide ? wide_classes : classes).push_back(lessons);
        }
    }

    void add_autoencoder(const Lessons& lessons) {
        const Dataset& images = lessons.train.dataset();
        datasets_.push_back(std::make_unique<Dataset>(images.name() + " onto itself",
                                                      images.inputs(), images.inputs(),
                                                      images.rows(), images.columns()));
        const Dataset& data = *datasets_.back();
        const auto same = [&data](const Subset& part) {
            return Subset(data, {part.indices().begin(), part.indices().end()});
        };
        (images.features() == 64 ? small_pictures : pictures)
            .push_back({same(lessons.train), same(lessons.validation)});
    }

    std::vector<std::unique_ptr<TableData>> tables_;
    std::vector<std::unique_ptr<Dataset>> datasets_;
};

/// Thirteen lifetimes: the six of `Recipe::universal`, and seven of tables and of targets of other
/// kinds.
///
/// @tparam LearnerFor the learner of a network and a signal
template <template <class, class> class LearnerFor>
class EveryRecipe {
    template <class Net>
    using ForClasses = LearnerFor<Net, ClassificationSignal<Net::output_shape::size>>;
    template <class Net>
    using ForNumbers = LearnerFor<Net, RegressionSignal<Net::output_shape::size>>;
    template <class Net>
    using ForLabels = LearnerFor<Net, MultiLabelSignal<Net::output_shape::size>>;

public:
    using Base = Recipe<ForClasses>;
    using Genome = typename Base::Genome;
    using Lives = typename Base::Lives;

    static Lives every(const RecipeData& images, const EveryData& data, std::size_t stage) {
        Lives lives = Base::universal(images, stage);
        const auto range = [stage](const std::vector<Lessons>& lessons,
                                   std::size_t longest = 5000) {
            LifetimeRange lifetimes;
            lifetimes.data = lessons;
            lifetimes.longest = std::min(longest, stage);
            lifetimes.fewest_samples = 60;
            return lifetimes;
        };
        lives.stratum("tables of classes", 3)
            .add(classes<Mlp<64, 4, Relu, 32>, 32>(range(data.classes)))
            .add(classes<Mlp<64, 4, Relu, 64, 32>>(range(data.classes)))
            .add(classes<Mlp<64, 26, Tanh, 48>>(range(data.many_classes)))
            .add(classes<Mlp<64, 26, Relu, 32, 32, 32>>(range(data.many_classes)))
            .add(classes<Mlp<256, 4, Relu, 48>>(range(data.wide_classes, 2000)));
        lives.stratum("tables of numbers", 3)
            .add(numbers<NumbersMlp<64, 1, Relu, 32>, 32>(range(data.numbers)))
            .add(numbers<NumbersMlp<64, 1, Relu, 64, 32>>(range(data.numbers)))
            .add(numbers<NumbersMlp<64, 1, Tanh, 48>, 16>(range(data.numbers)))
            .add(numbers<NumbersMlp<64, 1, Relu, 32, 32, 32>>(range(data.numbers)))
            .add(numbers<NumbersMlp<256, 1, Relu, 48, 32>>(range(data.wide_numbers, 2000)));
        lives.stratum("several labels, autoencoders", 1)
            .add(labels<LabelsMlp<64, 6, Relu, 24>, 16>(range(data.labels)))
            .add(labels<LabelsMlp<64, 6, Tanh, 32, 16>, 32>(range(data.labels)))
            .add(numbers<NumbersMlp<64, 64, Relu, 32>, 32>(range(data.small_pictures)))
            .add(numbers<NumbersMlp<64, 64, Tanh, 32, 8, 32>>(range(data.small_pictures)))
            .add(numbers<NumbersMlp<196, 196, Relu, 32>>(range(data.pictures, 1000)));
        return lives;
    }
    static constexpr const char* description =
        "thirteen lifetimes: the six of the recipe universal; tables of the suite's first half, "
        "three "
        "of classes and three of numbers, on networks of one to three hidden layers with 64 and "
        "256 inputs; one of several labels or of an autoencoder (50-5000 updates)";

private:
    template <class Net, std::size_t Samples = 64>
    static auto classes(const LifetimeRange& range) {
        return TrainingTask<ForClasses<Net>, Samples>(range);
    }
    template <class Net, std::size_t Samples = 64>
    static auto numbers(const LifetimeRange& range) {
        return TrainingTask<ForNumbers<Net>, Samples>(range);
    }
    template <class Net, std::size_t Samples = 64>
    static auto labels(const LifetimeRange& range) {
        return TrainingTask<ForLabels<Net>, Samples>(range);
    }
};

}  // namespace tdca::support
