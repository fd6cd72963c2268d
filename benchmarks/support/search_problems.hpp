// Problems as people bring them to a minimiser: whole numbers, sizes of unknown magnitude,
// constants.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tdca/core/random.hpp"
#include "tdca/optimization/box.hpp"

namespace tdca::support {

/// A function of several variables, and how it is called.
struct SearchProblem {
    std::string name;
    std::vector<Variable> variables;
    std::function<double(std::span<const double>)> value;  ///< lower is better; may be shared
};

inline constexpr std::array<std::string_view, 3> search_problem_names{"theophylline", "perceptron",
                                                                      "job_shop"};

/// The problem of that name; what chance there is in it follows from `key`.
///
/// - "theophylline": concentrations in the blood of twelve people over a day after a dose
/// (Boeckmann,
///   Sheiner & Beal 1994; R's `Theoph`), and a simulator: the dose passes a whole number of
///   compartments on its way, is absorbed, and leaves at a rate that saturates (Michaelis–Menten).
///   Root mean square error in mg/l of one set of constants for all twelve. The share that is
///   absorbed at all is fixed.
/// - "perceptron": 64-32-10 on scikit-learn's digits, 150 updates of AdamW on minibatches of 64;
/// its
///   rate, decay, births, smoothing and one of five courses of the rate. Loss on validation
///   samples.
/// - "job_shop": ten jobs on ten machines (Fisher & Thompson 1963, best possible 930); a whole
///   priority for each of a hundred operations. Hours until all is done.
///
/// @throws tdca::Error for another name, and where data are missing
[[nodiscard]] SearchProblem search_problem(const std::string& name, Key key);

}  // namespace tdca::support
