// Table models for classes, with the hidden layers that CMake chooses: TDCA_HIDDEN, "64, 32".
#include <span>

#include "sizes.hpp"

namespace tdca::python {

template <>
std::span<const support::TableModelMaker> makers_for_classes<TDCA_HIDDEN>() {
    return support::makers_of<HiddenModels<TDCA_HIDDEN>::Classes, 10, 100>();
}

}  // namespace tdca::python
