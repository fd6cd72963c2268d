// The networks of deep_networks with 80 layers; --check: whether credits reach 84 % in every life.
#include <cstdio>

#include "support/deep_table.hpp"

using namespace tdca::support;

int main(int argc, char** argv) {
    DeepOptions options;
    bool check = false;
    CommandLine line("Plain networks of 80 layers by credits and by exact gradients",
                     "deep_networks_80");
    options.add_to(line);
    line.flag("--check", check, "exit code 1 where the point does not hold");
    return run_program(line, argc, argv, [&] {
        DeepTable table("deep_networks_80", options);
        table.depth<80>();
        const auto& cells = table.report().at("cells").at("80");
        if (!cells.contains("credits")) return 0;
        const double worst = cells.at("credits").at("worst");
        std::printf(
            "%s  b: the worst life of credits at 80 layers has %.2f %%, 84 or more wanted\n",
            worst >= 84 ? "holds " : "FAILS ", worst);
        return check && worst < 84 ? 1 : 0;
    });
}
