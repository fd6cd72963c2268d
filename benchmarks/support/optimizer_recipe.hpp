// What the shipped optimizer's genome is evolved on, and what is held out from it.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/initializers.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/optimization/deep_generator.hpp"
#include "tdca/optimization/function_optimization.hpp"
#include "tdca/optimization/ranked_deviation.hpp"
#include "tdca/optimization/test_function.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

namespace tdca::support {

/// Chosen before the first evolution: functions that no shipped genome was evolved on.
inline constexpr std::array<std::string_view, 4> held_out_functions{"griewank", "levy", "salomon",
                                                                    "weierstrass"};

/// What evolution sees; those of many minima that can be done more often than others. Clusters of
/// other numbers of atoms are held out.
inline constexpr std::array<std::string_view, 24> evolved_functions{
    "sphere",           "ellipsoid",       "rosenbrock",
    "different_powers", "discus",          "cigar",
    "rastrigin",        "ackley",          "schwefel",
    "michalewicz",      "schaffer_f7",     "alpine",
    "styblinski_tang",  "happy_cat",       "expanded_schaffer_f6",
    "lennard_jones_4",  "lennard_jones_6", "rastrigin",
    "schwefel",         "michalewicz",     "expanded_schaffer_f6",
    "rastrigin",        "drop_wave",       "ackley"};

/// One part of the outer loop: until this share of the generations.
struct OptimizerStage {
    double until;
    std::size_t members;
    std::size_t lifetimes;
    double most_dimensions;
    double most_evaluations;
    double most_per_dimension;  ///< 0: `most_evaluations` whatever the dimension
};
/// What proves that everything runs.
[[nodiscard]] constexpr OptimizerStage quick_form(OptimizerStage stage) noexcept {
    stage.members = 8;
    stage.lifetimes = 6;
    stage.most_evaluations = 300;
    return stage;
}
/// Most generations live short lives in few dimensions, for a tenth of what the last ones cost;
/// those are long, some of them in so many dimensions that noise sources are private.
inline constexpr std::array<OptimizerStage, 3> optimizer_stages{{{0.65, 64, 24, 20, 1500, 400},
                                                                 {0.92, 64, 24, 40, 3000, 1000},
                                                                 {1.0, 64, 24, 100, 10'000, 3000}}};

inline constexpr std::size_t optimizer_generations = 1200;

inline constexpr const char* optimizer_description =
    "one function of 18, 2 to 20 dimensions and 10 to 400 evaluations a dimension (log-uniform; at "
    "most 1,500 in all), from 65 % on 2 to 40 and 10 to 1,000 (3,000), in the last 8 % 2 to 100 "
    "and 10 to 3,000 (10,000); shifted; 75 % turned, 30 % flattened by a condition up to 100; "
    "15 % with noise; starts anywhere; never: griewank, levy, salomon, weierstrass, clusters of "
    "5, 7 and 8 atoms";

[[nodiscard]] inline LandscapeRange optimizer_range(const OptimizerStage& stage) {
    LandscapeRange range;
    for (const std::string_view name : evolved_functions) {
        range.functions.push_back(&find_test_function(name));
    }
    range.lifetimes = stage.lifetimes;
    range.most_dimensions = stage.most_dimensions;
    range.fewest_evaluations = 20;
    range.most_evaluations = stage.most_evaluations;
    range.fewest_per_dimension = 10;
    range.most_per_dimension = stage.most_per_dimension;
    range.noisy = 0.15;
    return range;
}

/// A generator with a hidden layer, for comparison: ten coordinates from ten noise sources.
using DeepLearner =
    Learner<Network<Input<10>, Dense<32, Tanh, ScaledNormal>, Dense<10, Identity, ScaledNormal>>,
            TopDownNetwork<RankedDeviation<10>, Hidden<8>, GaussianDiffusion<16>>>;

/// Ten dimensions and one budget, without noise.
[[nodiscard]] inline LandscapeRange deep_range(const OptimizerStage& stage) {
    LandscapeRange range;
    for (const std::string_view name : evolved_functions) {
        const TestFunction& function = find_test_function(name);
        if (function.dimension == 0) range.functions.push_back(&function);
    }
    range.lifetimes = stage.lifetimes;
    range.fewest_dimensions = range.most_dimensions = 10;
    range.fewest_evaluations = range.most_evaluations = stage.most_evaluations;
    return range;
}

/// One known landscape, as defined: the paper's setting. Only the start is drawn.
[[nodiscard]] inline LandscapeRange known_landscape(const TestFunction& function,
                                                    std::size_t dimension, double evaluations,
                                                    std::size_t lifetimes) {
    LandscapeRange range;
    range.functions = {&function};
    range.lifetimes = lifetimes;
    range.fewest_dimensions = range.most_dimensions = static_cast<double>(dimension);
    range.fewest_evaluations = range.most_evaluations = evaluations;
    range.shift = false;
    range.rotated = 0;
    range.stretched = 0;
    return range;
}

}  // namespace tdca::support
