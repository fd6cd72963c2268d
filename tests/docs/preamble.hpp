// What C++ blocks without includes may take for granted: the library, and what stands for the
// reader's own.
#pragma once

#include <string_view>

#include "tdca/data/csv.hpp"
#include "tdca/data/idx.hpp"
#include "tdca/io/checkpoint.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/io/tensor_dataset.hpp"
#include "tdca/tdca.hpp"

/// An objective of the reader's.
inline double my_cost(std::span<const double> x) { return x[0] * x[0]; }
