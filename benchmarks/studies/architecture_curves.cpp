// Learning curves of architectures, by credits and by PyTorch's backpropagation: pictures.
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "support/architecture_table.hpp"
#include "support/architectures.hpp"
#include "support/datasets.hpp"
#include "support/plot.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

class Curves {
public:
    Curves(const ProgramOptions& options, const Json& peers, std::filesystem::path folder)
        : peers_(peers),
          folder_(std::move(folder)),
          data_(load_dataset("fashion_mnist")),
          genome_(load_genome<ClassifierGenome>(shipped_genome("universal.safetensors")).genome),
          arena_{data_.train(),         data_.validation(), data_.test(),
                 Key(options.seed) / 1, options.threads,    4} {}

    /// @param peer the network's name in benchmarks/peers/pytorch_architectures.py
    template <class Net>
    void picture(const std::string& name, const std::string& peer) {
        if (!peers_.contains(peer) || !peers_[peer].contains("curve")) {
            throw Error("architecture_curves",
                        "the peers' file has no curve of '" + peer +
                            "'; make it with pytorch_architectures.py --curves");
        }
        const Json& backprop = peers_[peer];
        const auto updates = backprop["updates"].get<std::size_t>();
        std::vector<Curve> curves{learning_curve<ClassifierLearner<Net>>(
            arena_, "credits, universal genome", genome_, updates)};
        Curve theirs{"backpropagation, " + backprop["optimizer"].get<std::string>() + " " +
                         backprop["schedule"].get<std::string>(),
                     backprop["curve"]["updates"].get<std::vector<double>>(),
                     backprop["curve"]["mean"].get<std::vector<double>>(),
                     backprop["curve"]["deviation"].get<std::vector<double>>()};
        curves.push_back(std::move(theirs));
        const auto file = folder_ / (peer + ".png");
        if (plot_curves(file, name + " on Fashion-MNIST, minibatches of 64", "updates",
                        "validation accuracy in %", curves, "[10:95]")) {
            std::printf("%s\n", file.string().c_str());
        } else {
            std::printf("gnuplot is not installed: no picture\n");
        }
    }

private:
    const Json& peers_;
    std::filesystem::path folder_;
    ExperimentData data_;
    ClassifierGenome genome_;
    Arena arena_;
};

}  // namespace

int main(int argc, char** argv) {
    ProgramOptions options;
    std::filesystem::path peers;
    std::filesystem::path folder = ".";
    CommandLine line("Learning curves of architectures beside PyTorch's", "architecture_curves");
    options.add_to(line);
    line.file_to_read("--peers", peers, "what pytorch_architectures.py --curves --json wrote");
    line.folder_to_write("--output", folder, "folder of the pictures");
    return run_program(line, argc, argv, [&] {
        if (peers.empty()) {
            if (options.quick) return 0;
            throw Error("--peers", "a file is needed: see --help");
        }
        const Json report = load_json(peers);
        Curves curves(options, report, folder);
        curves.picture<Convolutional>("8 and 16 maps, 3 × 3", "conv");
        curves.picture<Rows<Gru<64>>>("Gru<64> over rows", "gru");
        curves.picture<TenLayers<Residual<Dense<64, Relu>>>>("Ten layers, residual", "residual");
        curves.picture<TenLayers<Dense<64, Relu>>>("Ten layers, plain", "plain");
        return 0;
    });
}
