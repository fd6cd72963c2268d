// Fuzz target of the safetensors reader, and of genome files and checkpoints, which are read by it.
#include "tdca/io/safetensors.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "fuzzing.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/io/checkpoint.hpp"
#include "tdca/io/genome_file.hpp"

using namespace tdca;
using namespace tdca::testing;

namespace {

using Genome = Genes<float, Parameter<"weights", Shape<2, 3>>, Parameter<"gain", Shape<1>>>;
constexpr std::size_t checkpoint_genes = 3;
const Key checkpoint_key(7);
const std::string checkpoint_settings = "fuzz";

/// A file's two parts behind the 8 bytes of the header's length, which is cut to what there is.
struct Parts {
    std::string header;
    std::string data;
};

Parts parts_of(std::string_view bytes) {
    if (bytes.size() < 8) return {};
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), 8);
    bytes.remove_prefix(8);
    length = std::min<std::uint64_t>(length, bytes.size());
    return {std::string(bytes.substr(0, length)), std::string(bytes.substr(length))};
}

std::string file_of(const Parts& parts) {
    const auto length = std::bit_cast<std::array<char, 8>>(std::uint64_t{parts.header.size()});
    return std::string(length.begin(), length.end()) + parts.header + parts.data;
}

TensorFile decoded(const std::string& bytes) {
    std::istringstream in(bytes);
    return decode_safetensors(in, "file");
}

void require_consistent(const TensorFile& file, std::size_t data_bytes) {
    std::size_t total = 0;
    for (const TensorRecord& record : file.tensors) {
        require(file.find(record.name) == &record, "names are unique");
        total += record.bytes.size();
        if (record.dtype == DType::other) continue;
        // Not by the reader's own bytes_of, and beyond its integers.
        auto bits = static_cast<long double>(bits_of(record.dtype));
        for (const std::uint64_t extent : record.shape) bits *= static_cast<long double>(extent);
        require(bits == 8 * static_cast<long double>(record.bytes.size()), "bytes suit a shape");
    }
    require(total == data_bytes, "tensors cover the data");
}

void require_same(const TensorFile& a, const TensorFile& b) {
    require(a.metadata == b.metadata, "metadata come back");
    require(a.tensors.size() == b.tensors.size(), "all tensors come back");
    for (const TensorRecord& record : a.tensors) {
        const TensorRecord* const found = b.find(record.name);
        require(found != nullptr && *found == record, "a tensor comes back");
    }
}

void require_finite(const float* begin, const float* end) {
    require(std::all_of(begin, end, [](float x) { return std::isfinite(x); }),
            "numbers are finite");
}

/// The readers of genomes and of checkpoints, on a file that is sound in itself.
void read_as_genome_and_checkpoint(const std::string& path) {
    if (const auto genome = watched([&] { return load_genome<Genome>(path); }).value) {
        const auto genes = genome->genome.flat();
        require_finite(genes.data(), genes.data() + genes.size());
    }
    const auto state = watched([&] {
        return load_checkpoint<Snes>(path, checkpoint_genes, checkpoint_key, checkpoint_settings);
    });
    if (!state.value) return;
    state.value->for_each([](const char*, const std::vector<float>& values) {
        require(values.size() == checkpoint_genes, "a checkpoint's vectors are the genome's size");
        require_finite(values.data(), values.data() + values.size());
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes = text_of(data, size);
    const Parts parts = parts_of(bytes);
    std::istringstream in(bytes);
    const auto outcome = watched([&] { return decode_safetensors(in, "file"); });
    require_memory(outcome.peak, 24, parts.header.size(), parts.data.size() + 16'384);
    if (!outcome.value) return 0;

    const TensorFile& file = *outcome.value;
    require_consistent(file, parts.data.size());
    const std::string ours = encode_safetensors(file);
    const TensorFile again = decoded(ours);
    require_same(file, again);
    require(encode_safetensors(again) == ours, "what this library writes, it writes again");

    static MemoryFile stored;
    const std::string& path = stored.holding(bytes);
    require_same(file, load_safetensors(path));
    read_as_genome_and_checkpoint(path);
    return 0;
}

namespace {

constexpr std::array<std::string_view, 8> names{"weights", "gain", "mean", "sigma",
                                                "",        "a",    "bias", "layer.größe"};
constexpr std::array<std::string_view, 44> tokens{"0",
                                                  "1",
                                                  "2",
                                                  "4",
                                                  "8",
                                                  "-1",
                                                  "-0",
                                                  "1.5",
                                                  "1e3",
                                                  "1e999",
                                                  "4294967296",
                                                  "9223372036854775808",
                                                  "18446744073709551615",
                                                  "18446744073709551616",
                                                  "{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  ",",
                                                  ":",
                                                  " ",
                                                  "null",
                                                  "true",
                                                  "{}",
                                                  "[]",
                                                  "\"\"",
                                                  "\"a\"",
                                                  R"("\u0061")",
                                                  R"("\ud800")",
                                                  "\"dtype\"",
                                                  "\"shape\"",
                                                  "\"data_offsets\"",
                                                  "\"__metadata__\"",
                                                  "\"F32\"",
                                                  "\"BF16\"",
                                                  "\"BOOL\"",
                                                  "\"F8_E4M3\"",
                                                  "\"F8_E8M0\"",
                                                  "\"F4\"",
                                                  "\"F6_E2M3\"",
                                                  "\"C64\"",
                                                  "\"F7\"",
                                                  "\"new\":[{\"dtype\":1}],",
                                                  "\"I64\""};

/// The tokens of a text that is JSON or nearly so: texts, numbers and words, single characters.
std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> found;
    const auto is_word = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '+' || c == '.';
    };
    while (!text.empty()) {
        std::size_t length = 1;
        if (text[0] == '"') {
            while (length < text.size() && text[length] != '"')
                length += text[length] == '\\' ? 2 : 1;
            ++length;
        } else {
            while (is_word(text[0]) && length < text.size() && is_word(text[length])) ++length;
        }
        found.emplace_back(text.substr(0, length));
        text.remove_prefix(std::min(length, text.size()));
    }
    return found;
}

/// Changes one token of the header.
void mutate_token(std::string& header, Choices& choices) {
    auto found = split(header);
    if (found.empty()) return;
    const std::size_t at = choices.below(found.size());
    switch (choices.below(6)) {
        case 0:
            found[at] = choices.from(found);
            break;
        case 1:
            found[at].clear();
            break;
        case 2:
            found[at] += found[at];
            break;
        case 3:
            std::swap(found[at], choices.from(found));
            break;
        case 4:
            found[at] += choices.from(tokens);
            break;
        default:
            found[at] = choices.from(tokens);
    }
    header.clear();
    for (const std::string& token : found) header += token;
}

/// A tensor of any type and a small shape.
TensorRecord new_tensor(Choices& choices) {
    TensorRecord record;
    record.name = choices.from(names);
    if (choices.one_in(4)) record.name += std::to_string(choices.below(1000));
    record.dtype = static_cast<DType>(choices.below(detail::dtypes.size()));
    if (record.dtype == DType::other) record.other_type = "F7";
    for (std::size_t rank = choices.below(5); rank != 0; --rank) {
        record.shape.push_back(choices.below(4));
    }
    // Eights of what is smaller than a byte, and any number of what is not known.
    if (size_of(record.dtype) == 0) record.shape.push_back(8);
    record.bytes.resize(bytes_of(record.dtype, record.shape).value_or(choices.below(9)));
    std::ranges::generate(record.bytes, [&] { return static_cast<std::byte>(choices.below(256)); });
    return record;
}

/// Another way to shape the same elements.
void reshape(TensorRecord& record, Choices& choices) {
    if (record.dtype == DType::other) return;
    const std::uint64_t elements = 8 * record.bytes.size() / bits_of(record.dtype);
    record.shape = {elements};
    if (elements == 0) record.shape.push_back(~std::uint64_t{0} >> choices.below(64));
    for (std::size_t ones = choices.below(3); ones != 0; --ones)
        record.shape.insert(record.shape.begin(), 1);
}

/// Changes one thing of a sound file, and leaves it sound unless a name comes twice.
void mutate_file(TensorFile& file, Choices& choices) {
    static const std::array<std::pair<std::string, std::string>, 7> facts{
        {{"format", "tdca-genome-1"},
         {"format", "tdca-checkpoint-1"},
         {"strategy", "snes"},
         {"generation", "18446744073709551615"},
         {"key", std::to_string(checkpoint_key.value())},
         {"settings", checkpoint_settings},
         {"größe", "\x01\n\"\\"}}};
    const std::size_t what = choices.below(7);
    if (what == 0 || file.tensors.empty()) {
        file.tensors.push_back(new_tensor(choices));
        return;
    }
    TensorRecord& record = choices.from(file.tensors);
    switch (what) {
        case 1:
            std::swap(record, file.tensors.back());
            file.tensors.pop_back();
            break;
        case 2: {
            const auto& [fact, text] = choices.from(facts);
            file.metadata[fact] = text;
            break;
        }
        case 3:
            if (!file.metadata.empty()) file.metadata.erase(file.metadata.begin());
            break;
        case 4:
            record.name = choices.from(names);
            break;
        case 5:
            reshape(record, choices);
            break;
        default:
            // A float of all ones is no number.
            if (record.bytes.size() >= 4) std::fill_n(record.bytes.begin(), 4, std::byte{0xff});
    }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    Choices choices(seed);
    if (choices.one_in(4)) return LLVMFuzzerMutate(data, size, most);
    std::string bytes = text_of(data, size);
    if (choices.one_in(2)) {
        try {
            TensorFile file = decoded(bytes);
            mutate_file(file, choices);
            return hand_back(encode_safetensors(file), data, most);
        } catch (const Error&) {
            // Not sound: its tokens are changed instead.
        }
    }
    Parts parts = parts_of(bytes);
    if (choices.one_in(4)) {
        mutate_bytes(parts.header);
    } else if (choices.one_in(8)) {
        mutate_bytes(parts.data);
    } else {
        mutate_token(parts.header, choices);
    }
    return hand_back(file_of(parts), data, most);
}
