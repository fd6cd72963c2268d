// The version of the library. CMake and the documentation read it from here.
#pragma once

#define TDCA_VERSION_MAJOR 0
#define TDCA_VERSION_MINOR 1
#define TDCA_VERSION_PATCH 0
