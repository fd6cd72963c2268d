// EarlyStopping: early stop when a validation fitness no longer rises.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"

namespace tdca::inline TDCA_ABI {

/// Watches a validation fitness and keeps the best genome.
///
/// A value counts as progress when it exceeds the best so far by more than `least`; after
/// `patience` values in a row without progress, `observe` returns false. What is not finite is
/// none.
class EarlyStopping {
public:
    /// @param patience values without progress that end it
    /// @param least what counts as progress, in units of the fitness
    /// @throws tdca::Error where there is no patience, or `least` is negative or not finite
    explicit EarlyStopping(std::size_t patience, double least = 0)
        : patience_(patience), least_(least) {
        require_some("EarlyStopping", "patience", patience);
        require_not_negative("EarlyStopping", "least", least);
    }

    /// @return whether to go on
    template <class Genome>
    bool observe(double fitness, const Genome& genome) {
        if (std::isfinite(fitness) && fitness > best_ + least_) {
            best_ = fitness;
            genome_.assign(genome.begin(), genome.end());
            waited_ = 0;
        } else {
            ++waited_;
        }
        return waited_ < patience_;
    }

    /// The best value so far, −∞ before the first.
    [[nodiscard]] double best() const noexcept { return best_; }
    /// The genome that reached it, empty before the first.
    [[nodiscard]] const std::vector<float>& genome() const noexcept { return genome_; }

private:
    std::size_t patience_;
    double least_;
    double best_ = -std::numeric_limits<double>::infinity();
    std::size_t waited_ = 0;
    std::vector<float> genome_;
};

}  // namespace tdca
