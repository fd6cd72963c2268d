// Writes a genome and the UCI digits as arrays of C++, for a machine that has no files.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "support/datasets.hpp"
#include "support/designs.hpp"
#include "support/program.hpp"
#include "tdca/core/error.hpp"
#include "tdca/data/csv.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/data/transform.hpp"
#include "tdca/io/genome_file.hpp"

using namespace tdca;

namespace {

using Genome = support::TdcaLearner<support::DenseClassifier<64, 32>>::Genome;

/// Images as bytes, as in the file: pixels are whole numbers from 0 to 16.
void write_samples(std::ostream& out, const std::string& name, const Subset& samples) {
    const std::size_t count = samples.size();
    out << "inline constexpr std::array<std::array<std::uint8_t, " << samples.features() << ">, "
        << count << "> " << name << "_images{{\n";
    for (std::size_t i = 0; i < count; ++i) {
        out << "    {";
        for (const float pixel : samples.sample(i)) out << static_cast<int>(pixel) << ',';
        out << "},\n";
    }
    out << "}};\ninline constexpr std::array<std::uint8_t, " << count << "> " << name
        << "_labels{\n    ";
    for (std::size_t i = 0; i < count; ++i) out << samples.label(i) << ',';
    out << "};\n\n";
}

void write(const std::string& path, const std::string& genome_name) {
    // Split as in all experiments, but not yet standardised.
    const support::ExperimentData digits = support::load_dataset("digits");
    const Dataset raw = load_csv(support::default_sklearn_directory() / "digits.csv.gz",
                                 {.name = "digits", .rows = 8, .columns = 8});
    const auto part = [&raw](const Subset& of) {
        return Subset(raw, {of.indices().begin(), of.indices().end()});
    };
    const auto standard = Standardization::fit(part(digits.train()));
    std::vector<float> genes(Genome::count);
    load_genome<Genome>(support::shipped_genome(genome_name))
        .genome.write(std::span<float, Genome::count>(genes));

    std::ofstream out(path);
    out << "// Written by write_arrays.cpp from " << genome_name << " and the UCI digits.\n"
        << "#pragma once\n\n#include <array>\n#include <cstdint>\n\nnamespace tdca::device {\n\n"
        << std::hexfloat
        << "inline constexpr float pixel_mean = " << static_cast<float>(standard.mean)
        << "F;\ninline constexpr float pixel_deviation = " << static_cast<float>(standard.scale)
        << "F;\n\n";
    write_samples(out, "train", part(digits.train()));
    write_samples(out, "validation", part(digits.validation()));
    write_samples(out, "test", part(digits.test()));
    out << "inline constexpr std::array<float, " << genes.size() << "> genome_values{\n";
    for (const float gene : genes) out << "    " << gene << "F,\n";
    out << "};\n\n}  // namespace tdca::device\n";
    out.close();
    if (!out) throw Error(path, "cannot be written");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "write_arrays OUTPUT GENOME: GENOME is a file of examples/genomes\n");
        return 2;
    }
    try {
        write(argv[1], argv[2]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
