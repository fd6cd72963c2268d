// A consumer of tdca::io: a life by a shipped genome. Usage: genome FOLDER
#include <exception>
#include <filesystem>
#include <iostream>
#include <tdca/io/genome_file.hpp>
#include <tdca/training/learner.hpp>

#include "learns.hpp"

using TopDown = tdca::TopDownNetwork<tdca::ClassificationSignal<2>, tdca::Hidden<8>,
                                     tdca::GaussianDiffusion<32>, tdca::PredictiveFeedback<>>;
using Student = tdca::Learner<Net, TopDown>;

int main(int argc, char** argv) try {
    const auto file = std::filesystem::path(argc > 1 ? argv[1] : "") / "universal.safetensors";
    return learns<Student>(tdca::load_genome<Student::Genome>(file).genome) ? 0 : 1;
} catch (const std::exception& problem) {
    std::cerr << problem.what() << '\n';
    return 2;
}
