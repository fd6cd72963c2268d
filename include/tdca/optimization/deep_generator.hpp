// DeepGenerator: function optimisation by a network of layers that turns noise into points.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/optimization/box.hpp"
#include "tdca/optimization/landscape_range.hpp"
#include "tdca/optimization/objective_signal.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/update.hpp"

namespace tdca::inline TDCA_ABI {

/// A `Learner` whose network maps noise to points: noise → layers → point. Its hidden layers get
/// their credits from the outputs' by diffused feedback, as those of a classifier do.
///
///     using Net = Network<Input<8>, Dense<32, Tanh, ScaledNormal>, Dense<10>>;
///     using TopDown = TopDownNetwork<RankedDeviation<10>, Hidden<8>, GaussianDiffusion<16>>;
///     DeepGenerator<Learner<Net, TopDown>>
///
/// The dimension is fixed at compile time, the genome is not bound to it. Points are in [−1, 1]ⁿ,
/// at whose walls they are mirrored. Utilities of the points of a batch: their ranks. Construction
/// allocates; nothing after it does.
///
/// `Search` has no hidden layers but finds lower values: see docs/results/optimization.md.
///
/// @tparam LearnerType `Learner<…>` with a signal whose feedback is a float per point
/// @tparam Points of a batch
template <class LearnerType, std::size_t Points = 16>
class DeepGenerator {
public:
    using network = typename LearnerType::network;
    using Genome = typename LearnerType::Genome;
    static constexpr std::size_t dimension = network::output_shape::size;
    static constexpr std::size_t sources = network::input_shape::size;

    /// Minimises `objective`, `float(std::span<const float, dimension>)` on [−1, 1]ⁿ, by whole
    /// batches as far as `evaluations` go. Values that are not finite count as worst.
    ///
    /// @return the lowest value, infinite where none was finite
    /// @throws tdca::Error where not even one batch is granted
    template <class Objective>
    float minimize(const Genome& genome, Objective&& objective, std::size_t evaluations, Key key) {
        const Course course(evaluations / Points);
        if (course.updates == 0) {
            throw Error("DeepGenerator", "fewer evaluations than a batch has points", Points,
                        evaluations);
        }
        // No structured binding: clang 14 does not let a lambda use one.
        typename LearnerType::State& state = memory_->state;
        auto& workspace = memory_->workspace;
        auto& noise = memory_->noise;
        auto& values = memory_->values;
        auto& utilities = memory_->utilities;
        LearnerType::begin(genome, key / 0, course, state);
        // Begins anywhere in the box, as a search does.
        auto bias = std::get<network::depth - 1>(state.params).template get<"bias">();
        (key / 1).fill_uniform(std::span<float>(bias), -1.0F, 1.0F);
        float best = std::numeric_limits<float>::infinity();
        for (std::size_t update = 0; update < course.updates; ++update) {
            (key / 2 / update).fill_normal(std::span<float>(noise));
            const std::span<const float, Points * sources> in(noise);
            update_network<LearnerType, Points>(
                genome, course, in,
                [&](auto outputs) {
                    for (std::size_t p = 0; p < Points; ++p) {
                        std::array<float, dimension> point;
                        for (std::size_t i = 0; i < dimension; ++i) {
                            point[i] = mirrored(outputs[p * dimension + i]);
                        }
                        const auto value =
                            static_cast<float>(objective(std::span<const float, dimension>(point)));
                        values[p] = static_cast<double>(value);
                        if (std::isfinite(value)) best = std::fmin(best, value);
                    }
                    signal_.observe(values);
                    std::copy(signal_.ranks().begin(), signal_.ranks().end(), utilities.begin());
                    return std::span<const float, Points>(utilities);
                },
                state, workspace);
        }
        return best;
    }

private:
    struct Memory {
        typename LearnerType::State state;
        typename LearnerType::template Workspace<Points> workspace;
        alignas(alignment) std::array<float, Points * sources> noise;
        std::array<double, Points> values;
        std::array<float, Points> utilities;
    };

    std::unique_ptr<Memory> memory_ = std::make_unique<Memory>();
    ObjectiveSignal signal_ = [] {
        ObjectiveSignal signal;
        signal.resize(Points);
        return signal;
    }();
};

/// The task that evolves its genome: a lifetime is one landscape of the network's dimension.
template <class LearnerType, std::size_t Points = 16>
class DeepGeneratorTask {
public:
    using Workspace = DeepGenerator<LearnerType, Points>;
    using Genome = typename LearnerType::Genome;

    /// @throws tdca::Error where the range is empty, does not ascend or has another dimension
    explicit DeepGeneratorTask(LandscapeRange range) : range_(std::move(range)) {
        range_.check();
        if (range_.fewest_dimensions != Workspace::dimension ||
            range_.most_dimensions != Workspace::dimension) {
            throw Error("DeepGeneratorTask", "landscapes of another dimension than the network's",
                        Workspace::dimension, static_cast<std::size_t>(range_.most_dimensions));
        }
    }

    static void initialize(Genome& genome, Key key) noexcept {
        LearnerType::initialize(genome, key);
    }

    [[nodiscard]] std::size_t lifetimes() const noexcept { return range_.lifetimes; }
    [[nodiscard]] Workspace workspace() const { return {}; }

    [[nodiscard]] double lifetime(const LifetimeId& id, const Genome& genome,
                                  Workspace& workspace) const {
        const DrawnLandscape drawn = range_.draw(id);
        return landscape_fitness(
            seek(genome, drawn.landscape, drawn.evaluations, id.key / 2, workspace),
            drawn.landscape);
    }

    /// The lowest value that is found under `genome`; `note` hears every value on the way.
    template <class Note = Unheard>
    static double seek(const Genome& genome, const Landscape& landscape, std::size_t evaluations,
                       Key key, Workspace& workspace, Note&& note = {}) {
        const auto low = static_cast<float>(landscape.function().low);
        const auto width = static_cast<float>(landscape.function().high) - low;
        std::array<float, Workspace::dimension> point;
        const float lowest = workspace.minimize(
            genome,
            [&](std::span<const float, Workspace::dimension> unit) {
                for (std::size_t i = 0; i < point.size(); ++i) {
                    point[i] = low + 0.5F * width * (unit[i] + 1);
                }
                const float value = landscape(point);
                note(static_cast<double>(value));
                return value;
            },
            evaluations, key);
        return static_cast<double>(lowest);
    }

private:
    LandscapeRange range_;
};

}  // namespace tdca
