// Deep networks with a way around each layer in the middle, beside their plain twins: 10, 20 and 40
// layers. The universal genome as it is, which saw up to five plain hidden layers.
#include "support/architecture_table.hpp"
#include "support/architectures.hpp"

using namespace tdca;
using namespace tdca::support;

int main(int argc, char** argv) {
    return run_architectures("residual_depth", "Residual networks trained by credits", argc, argv,
                             [](ArchitectureTable& table) {
                                 using Plain = Dense<64, Relu>;
                                 table.network<Deep<10, Residual<Plain>>>("10 layers, residual");
                                 table.network<Deep<10, Plain>>("10 layers, plain");
                                 table.network<Deep<20, Residual<Plain>>>("20 layers, residual");
                                 table.network<Deep<20, Plain>>("20 layers, plain");
                                 table.network<Deep<40, Residual<Plain>>>("40 layers, residual");
                                 table.network<Deep<40, Plain>>("40 layers, plain");
                             });
}
