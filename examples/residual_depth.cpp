// Ten layers with a way around each of the eight in the middle, beside their plain twin. The
// universal genome as it is, which saw up to five plain hidden layers.
#include "support/architecture_table.hpp"
#include "support/architectures.hpp"

using namespace tdca;
using namespace tdca::support;

int main(int argc, char** argv) {
    return run_architectures(
        "residual_depth", "A residual network trained by credits", argc, argv,
        [](ArchitectureTable& table) {
            table.network<TenLayers<Residual<Dense<64, Relu>>>>("ten layers, residual");
            table.network<TenLayers<Dense<64, Relu>>>("ten layers, plain");
        });
}
