// The command line of a program with options of its own: the only header that includes CLI11.
#pragma once

// IWYU pragma: begin_exports
#include <CLI/CLI.hpp>

#include "support/program.hpp"
// IWYU pragma: end_exports
