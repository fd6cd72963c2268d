// TableEffort and TableProgress: how much work goes into a table's model, and how far it is.
#pragma once

#include <cstddef>
#include <vector>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// How much work goes into a model; there are no step sizes, and nothing else to tune.
struct TableEffort {
    /// Numbers of updates that are tried, on four fifths of the rows, and judged by the rest.
    std::vector<std::size_t> updates{100, 300, 1000, 3000, 10000};
    std::size_t judgements = 3;  ///< such splits that each is judged by
    std::size_t networks = 4;    ///< that are then trained on all rows; their mean is what is told
    int threads = 1;             ///< networks that are trained at a time; bits do not depend on it
    bool balanced = false;       ///< of classes: all count alike, however few rows some have
};

/// What is told of a training while it goes on.
struct TableProgress {
    std::size_t done = 0;   ///< updates
    std::size_t total = 0;  ///< of updates, in all
};

}  // namespace tdca
