// Trains a network, keeps it in a file with what its user needs, and uses it from there: what a
// program that learns and a program that predicts share.
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>

#include "support/command_line.hpp"
#include "tdca/core/number.hpp"
#include "tdca/data/idx.hpp"
#include "tdca/data/transform.hpp"
#include "tdca/io/network_file.hpp"
#include "tdca/presets.hpp"

using namespace tdca;

namespace {

using Net = Network<Input<784>, Dense<64, Relu>, Dense<10, Softmax, ScaledNormal>>;

void train(const std::filesystem::path& file, std::uint64_t seed, std::size_t updates) {
    const Dataset images = load_idx_directory(default_fashion_mnist_directory(), Split::train);
    const Standardization standard = Standardization::fit(images);
    const Dataset samples = standard.apply(images);
    Classifier<Net> classifier(seed);
    classifier.fit(samples, updates);
    // A network is worth nothing without what its inputs were standardised by.
    save_network<Net>(file, classifier.params(),
                      {{"data", images.name()},
                       {"mean", to_text(standard.mean)},
                       {"scale", to_text(standard.scale)}});
}

double number(const std::map<std::string, std::string>& facts, const std::string& name) {
    const auto found = facts.find(name);
    const auto value = found == facts.end() ? std::nullopt : to_real<double>(found->second);
    if (!value) throw Error("save_and_load", "the file does not tell the inputs' " + name);
    return *value;
}

double test_accuracy(const std::filesystem::path& file) {
    Classifier<Net> classifier;
    const auto facts = load_network<Net>(file, classifier.params());
    const Standardization standard{number(facts, "mean"), number(facts, "scale")};
    const Dataset test =
        standard.apply(load_idx_directory(default_fashion_mnist_directory(), Split::test));
    const auto labels = classifier.predict({test.inputs().data(), test.inputs().size()});
    std::size_t right = 0;
    for (std::size_t i = 0; i < test.size(); ++i) right += labels[i] == test.label(i) ? 1 : 0;
    return static_cast<double>(right) / static_cast<double>(test.size());
}

}  // namespace

int main(int argc, char** argv) {
    support::ProgramOptions options;
    std::filesystem::path file = "network.safetensors";
    support::CommandLine line("Trains a network, saves it, loads it and predicts with it",
                              "save_and_load");
    options.add_to(line);
    line.file_to_write("--output", file, "of the network");
    return support::run_program(line, argc, argv, [&] {
        train(file, options.seed, options.quick ? 100 : 1000);
        const double accuracy = test_accuracy(file);
        std::printf("%s: %.2f %% of the test images\n", file.c_str(), 100 * accuracy);
        support::save_report("save_and_load", options, {{"test_accuracy", accuracy}});
        return 0;
    });
}
