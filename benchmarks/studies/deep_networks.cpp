// Plain ReLU networks of 10, 20 and 40 layers of 64 by credits, and by every step of the ladder
// from exact gradients to them. deep_networks_80 has 80 layers.
#include "support/deep_table.hpp"

using namespace tdca::support;

int main(int argc, char** argv) {
    DeepOptions options;
    CommandLine line("Deep plain networks by credits and by exact gradients", "deep_networks");
    options.add_to(line);
    return run_program(line, argc, argv, [&] {
        DeepTable table("deep_networks", options);
        table.depth<10>();
        table.depth<20>();
        table.depth<40>();
        return 0;
    });
}
