// Scores: figures of merit of predictions, as the field reports them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"

namespace tdca::inline TDCA_ABI {

/// How well numbers are predicted.
struct RegressionScores {
    double rmse = 0;  ///< root of the mean squared error
    double mae = 0;   ///< mean absolute error
    /// 1 − squared errors / squared distances to the mean of the truth; 0 where that never changes.
    double r2 = 0;
};

namespace detail {

/// A power of two that brings the largest of some numbers close to 1, so that their squares are
/// neither infinite nor 0, and change no bit of their sum.
[[nodiscard]] inline double power_for_squares(double largest) noexcept {
    if (!(largest > 0) || !std::isfinite(largest)) return 1;
    return std::ldexp(1.0, -std::clamp(std::ilogb(largest), -1000, 1000));
}

template <class Real>
[[nodiscard]] RegressionScores regression_scores(std::span<const Real> predicted,
                                                 std::span<const Real> truth) {
    if (predicted.size() != truth.size()) {
        throw Error("regression_scores", "one prediction is needed for each number", truth.size(),
                    predicted.size());
    }
    double count = 0;
    double mean = 0;
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    for (const Real y : truth) count += std::isnan(y) ? 0 : 1;
    require_some("regression_scores", "numbers that are known", static_cast<std::size_t>(count));
    for (const Real y : truth) {
        if (std::isnan(y)) continue;
        mean += static_cast<double>(y) / count;
        least = std::fmin(least, static_cast<double>(y));
        most = std::fmax(most, static_cast<double>(y));
    }
    const auto for_each = [&](auto&& visit) {  // an error, a distance from the mean
        for (std::size_t i = 0; i < truth.size(); ++i) {
            if (std::isnan(truth[i])) continue;
            const auto y = static_cast<double>(truth[i]);
            visit(static_cast<double>(predicted[i]) - y, y - mean);
        }
    };
    double largest_error = 0;
    double largest_distance = 0;
    for_each([&](double error, double distance) {
        largest_error = std::fmax(largest_error, std::fabs(error));
        largest_distance = std::fmax(largest_distance, std::fabs(distance));
    });
    const double of_errors = power_for_squares(largest_error);
    const double of_distances = power_for_squares(largest_distance);
    double squares = 0;
    double distances = 0;
    double apart = 0;  // by how much the mean is off, times the count
    RegressionScores scores;
    for_each([&](double error, double distance) {
        scores.mae += std::fabs(error) / count;
        error *= of_errors;
        distance *= of_distances;
        squares += error * error;
        distances += distance * distance;
        apart += distance;
    });
    distances -= apart * apart / count;
    scores.rmse = std::sqrt(squares / count) / of_errors;
    if (least < most && distances > 0) {
        const double ratio = of_distances / of_errors;
        scores.r2 = 1 - squares / distances * ratio * ratio;
    }
    return scores;
}

}  // namespace detail

/// Of numbers that are known; NaN in the truth is not.
///
/// @param predicted, truth as many
/// @throws tdca::Error where they are not, or nothing is known
[[nodiscard]] inline RegressionScores regression_scores(std::span<const float> predicted,
                                                        std::span<const float> truth) {
    return detail::regression_scores(predicted, truth);
}
/// The same in double precision.
[[nodiscard]] inline RegressionScores regression_scores(std::span<const double> predicted,
                                                        std::span<const double> truth) {
    return detail::regression_scores(predicted, truth);
}

/// Area under the receiver operating characteristic: the chance that a sample that is one scores
/// higher than one that is not, half of the chance that they score alike (Hanley & McNeil,
/// doi:10.1148/radiology.143.1.7063747). NaN where all samples are of one kind, and where a score
/// is NaN. O(n log n).
///
/// @param scores, is as many; 0 is not, all else is
/// @throws tdca::Error where they are not
[[nodiscard]] inline double area_under_roc(std::span<const float> scores,
                                           std::span<const std::uint8_t> is) {
    if (scores.size() != is.size()) {
        throw Error("area_under_roc", "one score is needed for each sample", is.size(),
                    scores.size());
    }
    const auto is_unknown = [](float score) { return std::isnan(score); };
    if (std::ranges::any_of(scores, is_unknown)) return std::numeric_limits<double>::quiet_NaN();
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return scores[i]; });
    double ranks = 0;  // of samples that are, equal scores sharing theirs
    double ones = 0;
    for (std::size_t first = 0; first < order.size();) {
        std::size_t last = first;
        double among = 0;
        while (last < order.size() && scores[order[last]] == scores[order[first]]) {
            among += is[order[last++]] != 0 ? 1 : 0;
        }
        ranks += among * (static_cast<double>(first + last) + 1) / 2;
        ones += among;
        first = last;
    }
    const double others = static_cast<double>(scores.size()) - ones;
    if (ones == 0 || others == 0) return std::numeric_limits<double>::quiet_NaN();
    return (ranks - ones * (ones + 1) / 2) / (ones * others);
}

namespace detail {

inline void require_probabilities(std::string_view where, std::span<const float> probabilities) {
    for (std::size_t i = 0; i < probabilities.size(); ++i) {
        if (std::isnan(probabilities[i])) {
            throw Error(where, "probability " + to_text(i) + " is no number");
        }
    }
}

}  // namespace detail

/// How well classes are predicted.
struct ClassificationScores {
    double accuracy = 0;  ///< fraction of samples whose most probable class is theirs
    double loss = 0;      ///< mean cross-entropy, nats
    /// Mean over classes that occur, or are predicted, of 2 TP / (2 TP + FP + FN).
    double macro_f1 = 0;
    /// Mean over classes that occur of the share of their samples that are found ("balanced
    /// accuracy").
    double mean_recall = 0;
    /// Mean over classes that occur, beside others, of @ref area_under_roc, each against the rest.
    double auc = 0;
    std::size_t classes = 0;
    std::vector<std::size_t> confusion;  ///< true class × predicted class, counts
};

/// @param probabilities samples × classes, row-major
/// @param labels one per sample, below `classes`
/// @throws tdca::Error where there are none, they do not belong together, or a probability is NaN
[[nodiscard]] inline ClassificationScores classification_scores(
    std::span<const float> probabilities, std::span<const std::uint16_t> labels,
    std::size_t classes) {
    require_some("classification_scores", "samples", labels.size());
    if (probabilities.size() != labels.size() * classes) {
        throw Error("classification_scores", "a row of probabilities is needed for each label",
                    labels.size() * classes, probabilities.size());
    }
    detail::require_probabilities("classification_scores", probabilities);
    ClassificationScores scores;
    scores.classes = classes;
    scores.confusion.assign(classes * classes, 0);
    const auto count = static_cast<double>(labels.size());
    for (std::size_t s = 0; s < labels.size(); ++s) {
        if (labels[s] >= classes) {
            throw Error("classification_scores", "a label is no class", classes, labels[s]);
        }
        const auto row = probabilities.subspan(s * classes, classes);
        const auto best = static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
        ++scores.confusion[labels[s] * classes + best];
        scores.accuracy += best == labels[s] ? 1 : 0;
        scores.loss -= std::log(std::fmax(static_cast<double>(row[labels[s]]), 1e-30)) / count;
    }
    scores.accuracy /= count;
    double seen = 0;
    double ranked = 0;
    double occur = 0;
    std::vector<float> one(labels.size());
    std::vector<std::uint8_t> is(labels.size());
    for (std::size_t c = 0; c < classes; ++c) {
        double truly = 0;
        double predicted = 0;
        for (std::size_t other = 0; other < classes; ++other) {
            truly += static_cast<double>(scores.confusion[c * classes + other]);
            predicted += static_cast<double>(scores.confusion[other * classes + c]);
        }
        if (truly + predicted == 0) continue;
        ++seen;
        scores.macro_f1 +=
            2 * static_cast<double>(scores.confusion[c * classes + c]) / (truly + predicted);
        if (truly == 0) continue;
        ++occur;
        scores.mean_recall += static_cast<double>(scores.confusion[c * classes + c]) / truly;
        if (truly == count) continue;
        for (std::size_t s = 0; s < labels.size(); ++s) {
            one[s] = probabilities[s * classes + c];
            is[s] = labels[s] == c ? 1 : 0;
        }
        ++ranked;
        scores.auc += area_under_roc(one, is);
    }
    scores.macro_f1 /= seen;
    scores.mean_recall /= occur;
    scores.auc = ranked > 0 ? scores.auc / ranked : std::numeric_limits<double>::quiet_NaN();
    return scores;
}

/// How well several labels are predicted, means over labels that are known.
struct MultiLabelScores {
    double accuracy = 0;  ///< fraction of labels on the right side of one half
    double macro_f1 = 0;  ///< mean over labels that hold anywhere, or are said to
    double auc = 0;       ///< mean over labels that hold of some samples and not of others
};

/// @param probabilities, truth samples × labels, row-major; NaN in the truth is not known
/// @throws tdca::Error where they do not belong together, nothing is known, or a probability is NaN
[[nodiscard]] inline MultiLabelScores multi_label_scores(std::span<const float> probabilities,
                                                         std::span<const float> truth,
                                                         std::size_t labels) {
    if (probabilities.size() != truth.size() || labels == 0 || truth.size() % labels != 0) {
        throw Error("multi_label_scores", "a probability is needed for each label", truth.size(),
                    probabilities.size());
    }
    detail::require_probabilities("multi_label_scores", probabilities);
    MultiLabelScores scores;
    double known = 0;
    double seen = 0;
    double ranked = 0;
    for (std::size_t k = 0; k < labels; ++k) {
        std::vector<float> said;
        std::vector<std::uint8_t> is;
        double both = 0;
        double holds = 0;
        double claimed = 0;
        for (std::size_t i = k; i < truth.size(); i += labels) {
            if (std::isnan(truth[i])) continue;
            const bool holds_here = truth[i] > 0.5F;
            const bool claimed_here = probabilities[i] > 0.5F;
            said.push_back(probabilities[i]);
            is.push_back(holds_here ? 1 : 0);
            scores.accuracy += holds_here == claimed_here ? 1 : 0;
            holds += holds_here ? 1 : 0;
            claimed += claimed_here ? 1 : 0;
            both += holds_here && claimed_here ? 1 : 0;
        }
        known += static_cast<double>(said.size());
        if (holds + claimed > 0) {
            ++seen;
            scores.macro_f1 += 2 * both / (holds + claimed);
        }
        const double area = area_under_roc(said, is);
        if (std::isnan(area)) continue;
        ++ranked;
        scores.auc += area;
    }
    require_some("multi_label_scores", "labels that are known", static_cast<std::size_t>(known));
    scores.accuracy /= known;
    scores.macro_f1 = seen > 0 ? scores.macro_f1 / seen : 0;
    scores.auc = ranked > 0 ? scores.auc / ranked : std::numeric_limits<double>::quiet_NaN();
    return scores;
}

}  // namespace tdca
