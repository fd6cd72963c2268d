// A shipped genome as a header of the library, for what must need no file.
#pragma once

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tdca/core/number.hpp"
#include "tdca/io/atomic_file.hpp"
#include "tdca/io/genome_file.hpp"

namespace tdca::support {

/// Where such a header comes from and what it is for.
struct GenomeHeader {
    std::string whose;    ///< "`optimize`"
    std::string array;    ///< the array's name
    std::string program;  ///< that writes it
};

/// Writes the genome in file `from` as the header `to`: an array of its numbers, to the last bit.
///
/// @throws tdca::Error as `load_genome` and `write_atomically`
template <class Genome>
void write_genome_header(const std::filesystem::path& from, const std::filesystem::path& to,
                         const GenomeHeader& about) {
    std::vector<float> genes(Genome::count);
    load_genome<Genome>(from).genome.write(std::span<float, Genome::count>(genes));
    std::string text =
        "// The genome of " + about.whose + ": examples/genomes/" + from.filename().string() +
        " as numbers.\n// Written by " + about.program +
        " --header; do not edit.\n#pragma once\n\n"
        "#include <array>\n\n#include \"tdca/core/abi.hpp\"\n\n// clang-format off\n"
        "namespace tdca::inline TDCA_ABI::detail {\n\ninline constexpr std::array<float, " +
        to_text(genes.size()) + "> " + about.array + "{";
    for (std::size_t i = 0; i < genes.size(); ++i) {
        char number[40];
        std::snprintf(number, sizeof number, "%s%aF,", i % 6 == 0 ? "\n    " : " ",
                      static_cast<double>(genes[i]));
        text += number;
    }
    text += "\n};\n\n}  // namespace tdca::detail\n// clang-format on\n";
    write_atomically(to, text);
}

}  // namespace tdca::support
