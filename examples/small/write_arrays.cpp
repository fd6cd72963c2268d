// Writes genomes and the UCI digits as arrays of C++, for a machine that has no files.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "support/program.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/csv.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/data/transform.hpp"
#include "tdca/integer/genome.hpp"
#include "tdca/integer/life.hpp"
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

template <class T>
void write_number(std::ostream& out, T value) {
    out << static_cast<long>(value) << ',';
}
void write_number(std::ostream& out, const Multiplier& value) {
    out << '{' << int{value.first} << ',' << int{value.then} << ',' << value.factor << "},";
}
template <class T, std::size_t Count>
void write_number(std::ostream& out, const std::array<T, Count>& values) {
    out << "{{";
    for (const T& value : values) write_number(out, value);
    out << "}},";
}

/// What lives in whole numbers go by, for lives of three lengths.
void write_plans(const std::string& path, const std::string& genome_name, std::size_t samples,
                 float mean, float deviation) {
    using Integers = IntegerLife<IntegerLearner<64, 32, 10>, 16>;
    const auto genome = load_genome<Integers::Genome>(support::shipped_genome(genome_name)).genome;
    std::ofstream out(path);
    out << "// Written by write_arrays.cpp from " << genome_name << ".\n"
        << "#pragma once\n\n#include <array>\n#include <cstdint>\n\n"
        << "#include \"tdca/integer/learner.hpp\"\n\nnamespace tdca::device {\n\n"
        << "// Of a pixel from 0 to 16.\ninline constexpr std::array<std::int8_t, 17> pixel_bytes{";
    for (int pixel = 0; pixel <= 16; ++pixel) {
        out << int{Integers::byte_of((static_cast<float>(pixel) - mean) / deviation)} << ',';
    }
    out << "};\n\n// For lives of 100, 300 and 1,000 updates on minibatches of 16.\n"
        << "inline constexpr std::array<IntegerPlan<2>, 3> integer_plans{{\n";
    for (const std::size_t updates : {100U, 300U, 1000U}) {
        const auto plan = IntegerGenome::decode<IntegerLearner<64, 32, 10>>(
            genome, Course::over(updates, 16, samples), 16);
        out << "    {";
        write_number(out, plan.steps);
        write_number(out, plan.decay);
        write_number(out, plan.up);
        write_number(out, plan.guess);
        write_number(out, plan.pace);
        write_number(out, plan.trust);
        write_number(out, plan.lesson);
        write_number(out, plan.centring);
        write_number(out, plan.births);
        write_number(out, plan.output_birth);
        write_number(out, plan.updates);
        out << "},\n";
    }
    out << "}};\n\n}  // namespace tdca::device\n";
    out.close();
    if (!out) throw Error(path, "cannot be written");
}

void write(const std::string& path, const std::string& genome_name,
           const std::string& integer_genome, const std::string& digits) {
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
    write_plans((std::filesystem::path(path).parent_path() / "integer_arrays.hpp").string(),
                integer_genome, train.size(), static_cast<float>(standard.mean),
                static_cast<float>(standard.scale));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fprintf(
            stderr,
            "write_arrays OUTPUT GENOME INTEGERS DIGITS: GENOME and INTEGERS are files of "
            "examples/genomes, DIGITS scikit-learn's digits.csv.gz; integer_arrays.hpp is written "
            "beside OUTPUT\n");
        return 2;
    }
    try {
        write(argv[1], argv[2], argv[3], argv[4]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
