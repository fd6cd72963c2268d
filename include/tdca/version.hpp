// The version of the library. CMake, packages and the documentation read it from here.
#pragma once

/// Grows with changes that break what users wrote.
#define TDCA_VERSION_MAJOR 0
/// Grows with additions.
#define TDCA_VERSION_MINOR 2
/// Grows with repairs.
#define TDCA_VERSION_PATCH 0

/// One number to compare by: `#if TDCA_VERSION >= 200` asks for 0.2.0 or later.
#define TDCA_VERSION (10000 * TDCA_VERSION_MAJOR + 100 * TDCA_VERSION_MINOR + TDCA_VERSION_PATCH)
