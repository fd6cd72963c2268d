// Table models for labels.
#include <cstddef>
#include <span>

#include "table_models/any_table_model.hpp"
#include "table_models/typed_table_model.hpp"
#include "tdca/presets.hpp"

namespace tdca::support {

template <std::size_t Inputs, std::size_t Outputs>
using LabelsModel = MultiLabelClassifier<Network<Input<Inputs>, Dense<64, Relu>, Dense<32, Relu>,
                                                 Dense<Outputs, Sigmoid, ScaledNormal>>>;

std::span<const TableModelMaker> makers_for_labels() { return makers_of<LabelsModel, 10, 100>(); }

}  // namespace tdca::support
