// Table models of all sizes, for each choice of hidden layers.
#pragma once

#include <cstddef>
#include <span>

#include "table_models/any_table_model.hpp"
#include "table_models/typed_table_model.hpp"
#include "tdca/presets.hpp"

namespace tdca::python {

template <std::size_t Inputs, std::size_t Outputs, class OutputActivation, std::size_t... Hidden>
using HiddenNetwork =
    Network<Input<Inputs>, Dense<Hidden, Relu>..., Dense<Outputs, OutputActivation, ScaledNormal>>;

/// Models of these networks. Members of a class of their own for each choice: g++ 12 takes alias
/// templates of one name in the unnamed namespaces of two files for one.
template <std::size_t... Hidden>
struct HiddenModels {
    template <std::size_t Inputs, std::size_t Outputs>
    using Classes = Classifier<HiddenNetwork<Inputs, Outputs, Softmax, Hidden...>>;
    template <std::size_t Inputs, std::size_t Outputs>
    using Numbers = Regressor<HiddenNetwork<Inputs, Outputs, Identity, Hidden...>>;
};

/// Those with these hidden layers, from small to large: up to 16, 64, 256 and 1,024 inputs.
template <std::size_t... Hidden>
[[nodiscard]] std::span<const support::TableModelMaker> makers_for_classes();
template <std::size_t... Hidden>
[[nodiscard]] std::span<const support::TableModelMaker> makers_for_numbers();

}  // namespace tdca::python
