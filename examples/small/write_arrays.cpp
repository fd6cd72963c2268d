// Writes a genome and the UCI digits as arrays of C++, for a machine that has no files.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "support/program.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/csv.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/data/transform.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/training/universal.hpp"

using namespace tdca;

namespace {

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

void write(const std::string& path, const std::string& genome_name, const std::string& digits) {
    const Dataset images = load_csv(digits, {.name = "digits", .rows = 8, .columns = 8});
    const std::size_t learned = images.size() * 3 / 5;
    const std::size_t validated = images.size() / 5;
    const auto [train, validation, test] =
        split(images, Key(20220801), learned, validated, images.size() - learned - validated);
    const auto standard = Standardization::fit(train);
    std::vector<float> genes(ClassifierGenome::count);
    load_genome<ClassifierGenome>(support::shipped_genome(genome_name))
        .genome.write(std::span<float, ClassifierGenome::count>(genes));

    std::ofstream out(path);
    out << "// Written by write_arrays.cpp from " << genome_name << " and the UCI digits.\n"
        << "#pragma once\n\n#include <array>\n#include <cstdint>\n\nnamespace tdca::device {\n\n"
        << std::hexfloat
        << "inline constexpr float pixel_mean = " << static_cast<float>(standard.mean)
        << "F;\ninline constexpr float pixel_deviation = " << static_cast<float>(standard.scale)
        << "F;\n\n";
    write_samples(out, "train", train);
    write_samples(out, "validation", validation);
    write_samples(out, "test", test);
    out << "inline constexpr std::array<float, " << genes.size() << "> genome_values{\n";
    for (const float gene : genes) out << "    " << gene << "F,\n";
    out << "};\n\n}  // namespace tdca::device\n";
    out.close();
    if (!out) throw Error(path, "cannot be written");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fprintf(
            stderr,
            "write_arrays OUTPUT GENOME DIGITS: GENOME is a file of examples/genomes, DIGITS "
            "scikit-learn's digits.csv.gz\n");
        return 2;
    }
    try {
        write(argv[1], argv[2], argv[3]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
