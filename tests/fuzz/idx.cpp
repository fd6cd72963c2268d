// Fuzz target of the IDX reader. An input is the length of the file of labels, as two bytes, that
// file, and the file of images; each file plain or gzipped.
#include "tdca/data/idx.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fuzzing.hpp"
#include "gzip_mutation.hpp"

using namespace tdca;
using namespace tdca::testing;

namespace {

struct Files {
    std::string labels;
    std::string images;
};

Files files_of(std::string_view bytes) {
    if (bytes.size() < 2) return {};
    const std::size_t length = static_cast<std::uint8_t>(bytes[0]) +
                               std::size_t{static_cast<std::uint8_t>(bytes[1])} * 256;
    bytes.remove_prefix(2);
    const std::string_view labels = bytes.substr(0, length);
    return {std::string(labels), std::string(bytes.substr(labels.size()))};
}

std::string bytes_of(const Files& files) {
    const std::size_t length = files.labels.size();
    const std::string start{static_cast<char>(length % 256), static_cast<char>(length / 256)};
    return start + files.labels + files.images;
}

void require_consistent(const Dataset& data, const std::string& labels, const std::string& images) {
    require(labels.size() == 8 + data.size(), "a label for each sample");
    require(images.size() == 16 + data.inputs().size(), "an input for each pixel");
    require(data.features() == data.rows() * data.columns(), "extents suit the features");
    for (std::size_t i = 0; i < data.size(); ++i) {
        require(data.label(i) == static_cast<std::uint8_t>(labels[8 + i]), "labels as stored");
        require(data.label(i) < data.classes(), "labels are classes");
    }
    const auto scaled = [](char pixel) {
        return static_cast<float>(static_cast<std::uint8_t>(pixel)) / 255.0F;
    };
    require(std::ranges::equal(std::string_view(images).substr(16), data.inputs(), {}, scaled),
            "pixels as stored");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto [labels, images] = files_of(text_of(data, size));
    static MemoryFile labels_file;
    static MemoryFile images_file;
    const std::string& labels_path = labels_file.holding(labels);
    const std::string& images_path = images_file.holding(images);
    std::optional<std::size_t> classes;
    if (size % 2 == 0) classes = size % 16;
    const auto outcome =
        watched([&] { return load_idx(images_path, labels_path, "fuzz", classes); });
    const std::string plain_labels = gunzipped(labels);
    const std::string plain_images = gunzipped(images);
    require_memory(outcome.peak, 6, plain_labels.size() + plain_images.size(), 196'608);
    if (outcome.value) require_consistent(*outcome.value, plain_labels, plain_images);
    return 0;
}

namespace {

constexpr std::array<std::uint32_t, 16> numbers{
    0,   1,     2,     3,     4,          28,         255,        256,
    784, 65535, 65536, 60000, 0x7fffffff, 0x80000000, 0xffffffff, 0x803};

void write_number(std::string& file, std::size_t at, std::uint32_t value) {
    if (file.size() < at + 4) file.resize(at + 4);
    for (std::size_t i = 0; i < 4; ++i) file[at + i] = static_cast<char>(value >> (24 - 8 * i));
}

/// Changes numbers of the header, or values behind it.
void mutate_file(std::string& file, std::size_t header, Choices& choices) {
    switch (choices.below(4)) {
        case 0:
            write_number(file, 4 * choices.below(header / 4), choices.from(numbers));
            break;
        case 1:
            mutate_bytes(file);
            break;
        case 2:
            file.resize(header + choices.below(1 + 2 * file.size()), '\x01');
            break;
        default:
            if (file.size() > header) {
                file[header + choices.below(file.size() - header)] =
                    static_cast<char>(choices.below(256));
            }
    }
}

/// Lets the headers say how long the files are, or the files be as long as the headers say.
void make_coherent(std::string& labels, std::string& images, Choices& choices) {
    const auto samples = static_cast<std::uint32_t>(1 + choices.below(8));
    const auto rows = static_cast<std::uint32_t>(1 + choices.below(6));
    // Beyond what a reader takes at once, but seldom: such files are slow to read.
    const std::size_t most = choices.one_in(1024) ? 2999 : 6;
    const auto columns = static_cast<std::uint32_t>(1 + choices.below(most));
    write_number(labels, 0, 0x801);
    write_number(labels, 4, samples);
    labels.resize(8 + samples);
    write_number(images, 0, 0x803);
    write_number(images, 4, samples);
    write_number(images, 8, rows);
    write_number(images, 12, columns);
    images.resize(16 + std::size_t{samples} * rows * columns, '\x7f');
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    Choices choices(seed);
    if (choices.one_in(4)) return LLVMFuzzerMutate(data, size, most);
    const Files before = files_of(text_of(data, size));
    std::string labels = plain_beginning(before.labels, choices);
    std::string images = plain_beginning(before.images, choices);
    const std::size_t what = choices.below(4);
    if (what == 0) make_coherent(labels, images, choices);
    if (what == 1) mutate_file(labels, 8, choices);
    if (what >= 2) mutate_file(images, 16, choices);
    Files after = before;
    // A file that was not changed stays as it is: damaged, where it was.
    if (what != 2) after.labels = wrapped(labels, before.labels, choices);
    if (what != 1) after.images = wrapped(images, before.images, choices);
    return hand_back(bytes_of(after), data, most);
}
