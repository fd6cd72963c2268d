// IDX files: what is read, what is refused, and Fashion-MNIST itself.
#include "tdca/data/idx.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "support/gzip.hpp"
#include "tdca/data/transform.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

std::string big_endian_text(std::uint32_t value) {
    std::string text;
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        text += static_cast<char>((value >> shift) & 0xffU);
    return text;
}

/// An IDX file of the given header and as many values 0, 1, 2, ….
std::string idx(std::uint32_t magic, const std::vector<std::uint32_t>& extents,
                std::size_t values) {
    std::string text = big_endian_text(magic);
    for (const std::uint32_t extent : extents) text += big_endian_text(extent);
    for (std::size_t i = 0; i < values; ++i) text += static_cast<char>(i);
    return text;
}

const std::string two_images = idx(0x803, {2, 2, 3}, 12);
const std::string two_labels = idx(0x801, {2}, 2);

/// What loading these images, with two good labels, has to say.
std::string error_of_images(const std::string& bytes) {
    const TemporaryFolder folder;
    write_file(folder / "images", bytes);
    write_file(folder / "labels", two_labels);
    std::string error =
        error_of([&] { (void)load_idx(folder / "images", folder / "labels", "data"); });
    const std::string path = (folder / "images").string();
    if (error.starts_with(path)) error.replace(0, path.size(), "images");
    return error;
}

}  // namespace

TEST_CASE("plain and gzipped IDX files hold the same images", "[idx]") {
    const TemporaryFolder folder;
    write_file(folder / "images", two_images);
    write_file(folder / "labels", two_labels);
    write_file(folder / "images.gz", gzipped(two_images));
    write_file(folder / "labels.gz", gzipped(two_labels));
    const Dataset plain = load_idx(folder / "images", folder / "labels", "plain");
    CHECK(plain.size() == 2);
    CHECK(plain.rows() == 2);
    CHECK(plain.columns() == 3);
    CHECK(plain.classes() == 2);
    CHECK(plain.name() == "plain");
    for (std::size_t i = 0; i < 12; ++i) {
        CHECK(plain.inputs().data()[i] == static_cast<float>(i) / 255.0F);
    }
    CHECK(plain.label(1) == 1);
    const Dataset zipped = load_idx(folder / "images.gz", folder / "labels.gz", "zipped", 10);
    CHECK(zipped.inputs() == plain.inputs());
    CHECK(zipped.labels() == plain.labels());
    CHECK(zipped.classes() == 10);
    CHECK_THAT(error_of([&] { (void)load_idx(folder / "images", folder / "labels", "few", 1); }),
               Contains("few: the label of sample 1 is no class (expected below 1, found 1)"));
}

TEST_CASE("damaged image files are refused by name, with expected and found", "[idx]") {
    struct Case {
        std::string bytes;
        std::string error;
    };
    const std::uint32_t huge = 0xffffffffU;
    const std::string zip = gzipped(two_images);
    std::string flipped = zip;
    flipped[flipped.size() - 6] = static_cast<char>(~flipped[flipped.size() - 6]);  // checksum
    const std::vector<Case> cases{
        {"", "images: truncated header (expected 16 bytes, found 0)"},
        {two_images.substr(0, 15), "images: truncated header (expected 16 bytes, found 15)"},
        {two_images.substr(0, 27), "images: truncated values (expected 12 bytes, found 11)"},
        {two_images + '\0', "images: bytes follow the values that the header counts"},
        {two_labels + two_images,
         "images: no IDX file of unsigned bytes of rank 3 (expected magic number 0x00000803, "
         "found 0x00000801)"},
        {idx(0xd03, {2, 2, 3}, 48),
         "images: no IDX file of unsigned bytes of rank 3 (expected magic number 0x00000803, "
         "found 0x00000d03)"},
        {idx(0x803, {2, 0, 3}, 12),
         "images: extent 1 in the header (expected at least 1, found 0)"},
        {idx(0x803, {huge, huge, huge}, 12),
         "images: the header's extents multiply to more than can be counted"},
        {idx(0x803, {huge, huge, 1}, 12),
         "images: the header's extents multiply to more than can be counted"},
        {idx(0x803, {huge, 28, 28}, 12),
         "images: truncated values (expected 3367254359280 bytes, found 12)"},
        {zip.substr(0, zip.size() - 1), "images: the compressed data end too early: truncated"},
        {zip.substr(0, zip.size() - 14), "images: truncated values"},
        {zip.substr(0, 12), "images: truncated header"},
        {flipped, "images: cannot be read: "},
        {gzipped(two_images + "x"), "images: bytes follow the values that the header counts"},
        {gzipped(idx(0x803, {huge, 28, 28}, 100'000)),
         "images: truncated values (expected 3367254359280 bytes, found 100000)"},
    };
    for (const Case& test : cases) CHECK_THAT(error_of_images(test.bytes), StartsWith(test.error));
}

TEST_CASE("labels that do not match their images are refused", "[idx]") {
    const TemporaryFolder folder;
    const auto images = folder / "images";
    const auto labels = folder / "labels";
    write_file(images, two_images);
    write_file(labels, idx(0x801, {3}, 3));
    const auto error = [&] { return error_of([&] { (void)load_idx(images, labels, "data"); }); };
    CHECK(error() == labels.string() + ": one label is needed for each image of " +
                         images.string() + " (expected 2, found 3)");
    write_file(labels, two_images);
    CHECK_THAT(error(), Contains("labels: no IDX file of unsigned bytes of rank 1"));
    std::filesystem::remove(labels);
    CHECK(error() == labels.string() + ": cannot be opened: No such file or directory");
    std::filesystem::create_directory(labels);
    CHECK(error() == labels.string() + ": is a folder, not a file");
}

TEST_CASE("the halves of a folder are found, plain before gzipped", "[idx]") {
    const TemporaryFolder folder;
    CHECK(error_of([&] { (void)load_idx_directory(folder.path(), Split::test); }) ==
          folder.path().string() +
              ": no such file in this folder (expected t10k-images-idx3-ubyte "
              "or t10k-images-idx3-ubyte.gz, found neither)");
    write_file(folder / "t10k-images-idx3-ubyte.gz", gzipped(two_images));
    write_file(folder / "t10k-labels-idx1-ubyte.gz", gzipped(idx(0x801, {2}, 2)));
    CHECK(load_idx_directory(folder.path(), Split::test).classes() == 2);
    std::string label_three = two_labels;
    label_three.back() = 3;
    write_file(folder / "t10k-labels-idx1-ubyte", label_three);
    const Dataset data = load_idx_directory(folder.path() / "", Split::test);
    CHECK(data.classes() == 4);
    CHECK(data.name() == folder.path().filename().string() + " test");
    CHECK(load_idx_directory(folder.path(), Split::test, "mine").name() == "mine");
    CHECK_THAT(error_of([&] { (void)load_idx_directory(folder.path(), Split::train); }),
               Contains("train-images-idx3-ubyte"));
}

TEST_CASE("the folder of Fashion-MNIST can be chosen", "[idx]") {
    const char* const before = std::getenv("TDCA_FASHION_MNIST");
    const std::string saved = before == nullptr ? "" : before;
    setenv("TDCA_FASHION_MNIST", "/somewhere", 1);
    CHECK(default_fashion_mnist_directory() == "/somewhere");
    setenv("TDCA_FASHION_MNIST", "", 1);
    CHECK(default_fashion_mnist_directory() == "/usr/share/datasets/fashion-mnist");
    if (before == nullptr) {
        unsetenv("TDCA_FASHION_MNIST");
    } else {
        setenv("TDCA_FASHION_MNIST", saved.c_str(), 1);
    }
}

TEST_CASE("Fashion-MNIST has its known numbers", "[idx][fashion-mnist]") {
    const auto directory = default_fashion_mnist_directory();
    if (!std::filesystem::is_directory(directory)) {
        WARN("skipped: there is no " << directory);
        return;
    }
    const Dataset test = load_idx_directory(directory, Split::test);
    CHECK(test.size() == 10'000);
    CHECK(test.classes() == 10);
    const Dataset train = load_idx_directory(directory, Split::train);
    CHECK(train.size() == 60'000);
    CHECK(train.features() == 784);
    CHECK(train.rows() == 28);
    CHECK(train.columns() == 28);
    CHECK(train.classes() == 10);
    std::array<int, 10> counts{};
    for (const std::uint16_t label : train.labels()) ++counts[label];
    CHECK(std::ranges::count(counts, 6000) == 10);
    CHECK(train.label(0) == 9);  // the first of all is an ankle boot
    const auto pixels = Standardization::fit(train);
    CHECK(pixels.mean == Approx(0.2860).margin(0.00005));
    CHECK(pixels.scale == Approx(0.3530).margin(0.00005));
    const Dataset pooled = pool(test, 2);
    CHECK(pooled.features() == 196);
    CHECK(Standardization::fit(pooled).mean == Approx(Standardization::fit(test).mean));
}
