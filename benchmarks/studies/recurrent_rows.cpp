// Fashion-MNIST row by row, 28 steps of 28 pixels: recurrent networks that learn forward in time,
// by eligibility traces. The universal genome as it is, which never saw a sequence.
#include "support/architecture_table.hpp"
#include "support/architectures.hpp"

using namespace tdca;
using namespace tdca::support;

int main(int argc, char** argv) {
    return run_architectures("recurrent_rows", "Recurrent networks trained by credits", argc, argv,
                             [](ArchitectureTable& table) {
                                 table.network<Rows<Gru<64>>>("Gru<64>");
                                 table.network<Rows<Lstm<64>>>("Lstm<64>");
                                 table.network<Rows<Rnn<64, 8>>>("Rnn<64, 8>");
                             });
}
