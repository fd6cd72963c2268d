// The data sets of our experiments, each split and standardised, behind one name each.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tdca/data/dataset.hpp"
#include "tdca/data/subset.hpp"

namespace tdca::support {

/// Samples to learn from, to validate on, and, for final figures only, to test on; standardised by
/// the training samples alone.
///
/// Images are standardised by the mean and deviation of all pixels, other data feature by feature.
/// Images of 28 × 28 come pooled to 14 × 14 and standardised as well, which is what evolution lives
/// on: a lifetime costs a quarter there. The split follows from the data alone: it is the same for
/// every experiment.
///
/// The subsets refer to the object, which must outlive them and stays where it was made.
class ExperimentData {
public:
    /// Data that come with test samples: of `samples`, five sixths are for training and one sixth
    /// is for validation.
    ///
    /// @throws tdca::Error where `test` has other features or classes
    ExperimentData(const Dataset& samples, const Dataset& test);

    /// Data without test samples: 60 % are for training, 20 % for validation, the rest for testing.
    explicit ExperimentData(const Dataset& samples);

    ExperimentData(const ExperimentData&) = delete;
    ExperimentData& operator=(const ExperimentData&) = delete;

    [[nodiscard]] std::size_t features() const { return parts_[0].features(); }
    [[nodiscard]] std::size_t classes() const { return parts_[0].classes(); }

    [[nodiscard]] Subset train() const { return parts_[0]; }
    [[nodiscard]] Subset validation() const { return parts_[1]; }
    [[nodiscard]] Subset test() const { return parts_[2]; }

    [[nodiscard]] bool has_pooled() const { return pooled_parts_.has_value(); }
    /// @throws tdca::Error where there are none: only images of 28 × 28 are pooled
    [[nodiscard]] Subset pooled_train() const { return pooled()[0]; }
    [[nodiscard]] Subset pooled_validation() const { return pooled()[1]; }

private:
    /// @param standardized `raw` and, where there are, its test samples
    ExperimentData(std::vector<Dataset> standardized, const Dataset& raw);

    [[nodiscard]] const std::array<Subset, 2>& pooled() const;

    // Never resized: the subsets refer to what is in it.
    std::vector<Dataset> data_;
    std::optional<Dataset> pooled_data_;
    std::array<Subset, 3> parts_;
    std::optional<std::array<Subset, 2>> pooled_parts_;
};

/// What `load_dataset` knows.
inline constexpr std::array<std::string_view, 6> dataset_names = {
    "fashion_mnist", "mnist", "digits", "breast_cancer", "wine", "iris"};

/// The data set of that name, from where this machine keeps it; docs/data.md says where each comes
/// from.
///
/// @throws tdca::Error for a name that is not in `dataset_names`; for files that are missing, with
///   what provides them; for broken files
[[nodiscard]] ExperimentData load_dataset(const std::string& name);

/// Fashion-MNIST from a folder of one's choice.
///
/// @throws tdca::Error where the files are missing, with what provides them, or broken
[[nodiscard]] ExperimentData load_fashion_mnist(const std::filesystem::path& directory);

/// Where MNIST is: the environment's TDCA_MNIST, or else where scripts/data.sh puts it.
[[nodiscard]] std::filesystem::path default_mnist_directory();

/// Where the suite's tables are: the environment's TDCA_TABLES, or else where scripts/data.sh puts
/// them.
[[nodiscard]] std::filesystem::path default_tables_directory();

/// Where scikit-learn's CSV files are: the environment's TDCA_SKLEARN_DATA, or else the folder of
/// Debian's package python3-sklearn.
[[nodiscard]] std::filesystem::path default_sklearn_directory();

}  // namespace tdca::support
