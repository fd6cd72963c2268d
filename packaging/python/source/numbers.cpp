// Table models for numbers, with the hidden layers that CMake chooses: TDCA_HIDDEN, "64, 32".
#include <cstddef>
#include <span>

#include "sizes.hpp"

namespace tdca::python {

namespace {  // another model in every object file of this source

template <std::size_t Inputs, std::size_t Outputs>
using NumbersModel = Regressor<HiddenNetwork<Inputs, Outputs, Identity, TDCA_HIDDEN>>;

}  // namespace

template <>
std::span<const support::TableModelMaker> makers_for_numbers<TDCA_HIDDEN>() {
    return support::makers_of<NumbersModel, 1, 10, 100>();
}

}  // namespace tdca::python
