// Table models for classes, with the hidden layers that CMake chooses: TDCA_HIDDEN, "64, 32".
#include <cstddef>
#include <span>

#include "sizes.hpp"

namespace tdca::python {

namespace {  // another model in every object file of this source

template <std::size_t Inputs, std::size_t Outputs>
using ClassesModel = Classifier<HiddenNetwork<Inputs, Outputs, Softmax, TDCA_HIDDEN>>;

}  // namespace

template <>
std::span<const support::TableModelMaker> makers_for_classes<TDCA_HIDDEN>() {
    return support::makers_of<ClassesModel, 10, 100>();
}

}  // namespace tdca::python
