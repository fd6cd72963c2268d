// Table models for numbers, with the hidden layers that CMake chooses: TDCA_HIDDEN, "64, 32".
#include <span>

#include "sizes.hpp"

namespace tdca::python {

template <>
std::span<const support::TableModelMaker> makers_for_numbers<TDCA_HIDDEN>() {
    return support::makers_of<HiddenModels<TDCA_HIDDEN>::Numbers, 1, 10, 100>();
}

}  // namespace tdca::python
