// Ten layers with a way around each of the eight in the middle, beside their plain twin. The
// universal genome as it is, which saw up to five plain hidden layers.
#include "support/architecture_table.hpp"
#include "tdca/bottom_up/residual.hpp"

using namespace tdca;
using namespace tdca::support;

template <class Layer>
using Deep = Network<Input<784>, Dense<64, Relu>, Layer, Layer, Layer, Layer, Layer, Layer, Layer,
                     Layer, Dense<10, Softmax, ScaledNormal>>;

int main(int argc, char** argv) {
    return run_architectures(
        "residual_depth", "A residual network trained by credits", argc, argv,
        [](ArchitectureTable& table) {
            table.network<Deep<Residual<Dense<64, Relu>>>>("ten layers, residual");
            table.network<Deep<Dense<64, Relu>>>("ten layers, plain");
        });
}
