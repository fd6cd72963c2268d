// TableModel: networks that were trained on a table, with all that asking them about rows takes.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/memory.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/data/balanced.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/signal/multi_label.hpp"
#include "tdca/signal/regression.hpp"
#include "tdca/tables/preprocessing.hpp"
#include "tdca/tables/read_table.hpp"
#include "tdca/tables/table.hpp"
#include "tdca/tables/table_dataset.hpp"
#include "tdca/tables/table_effort.hpp"
#include "tdca/tables/target.hpp"

namespace tdca::inline TDCA_ABI {

/// Some networks that were trained on a table, and what they need to answer: preprocessing, and
/// what is predicted. Large; keep it on the heap.
///
/// @tparam PresetType `Regressor<Net>`, `Classifier<Net>` or `MultiLabelClassifier<Net>`; a table
///   may have fewer inputs and outputs than the network
template <class PresetType>
class TableModel {
public:
    using network = typename PresetType::network;
    using Params = typename network::Params;  ///< of one network

    static constexpr std::size_t features = PresetType::features;
    static constexpr std::size_t outputs = PresetType::outputs;

    /// What is predicted by this kind of preset.
    static constexpr TargetKind kind = [] {
        using Signal = typename PresetType::learner::top_down::signal;
        if constexpr (std::is_same_v<Signal, RegressionSignal<outputs>>)
            return TargetKind::numbers;
        else if constexpr (std::is_same_v<Signal, MultiLabelSignal<outputs>>)
            return TargetKind::labels;
        else
            return TargetKind::classes;
    }();

    /// Trained on these rows of a table. The same seed gives the same bits.
    ///
    /// @param notify called after each network with a `TableProgress`; where it throws no other
    ///   network is begun
    /// @throws tdca::Error where the table does not fit the network, or lacks one of the rows
    template <class Notify>
    [[nodiscard]] static TableModel train(const Table& table, TablePreprocessing preprocessing,
                                          TableTarget target, std::span<const std::uint32_t> rows,
                                          const TableEffort& effort, std::uint64_t seed,
                                          Notify&& notify) {
        require_some(table.name(), "numbers of updates to try", effort.updates.size());
        require_some(table.name(), "networks", effort.networks);
        target.scale_to(table, rows);
        TableModel model(std::move(preprocessing), std::move(target));
        const Dataset all = dataset_of(table, model.preprocessing_, model.target_, rows, features);
        const Subset samples = effort.balanced ? balanced(all) : all;
        const std::vector<std::size_t>& tries = effort.updates;
        TableProgress progress;
        const bool chooses = tries.size() > 1 && effort.judgements > 0;
        for (const std::size_t updates : tries) {
            progress.total += chooses ? updates * effort.judgements : 0;
        }
        progress.total += effort.networks * tries.back();
        std::mutex one_at_a_time;
        std::atomic<bool> is_stopped = false;
        const auto tell = [&](std::size_t updates) {
            const std::lock_guard lock(one_at_a_time);
            progress.done += updates;
            try {
                notify(std::as_const(progress));
            } catch (...) {
                is_stopped = true;
                throw;
            }
        };
        model.updates_ = tries.front();
        if (chooses) {
            std::vector<decltype(parts(table, model.target_, rows, Key(seed)))> splits;
            for (std::size_t split = 0; split < effort.judgements; ++split) {
                splits.push_back(parts(table, model.target_, rows, Key(seed) / split));
            }
            // The longest first, so that no thread waits for it alone at the end.
            std::vector<double> losses(tries.size() * effort.judgements);
            parallel_for(losses.size(), effort.threads, [&](std::size_t i, std::size_t /*thread*/) {
                if (is_stopped) return;
                const std::size_t t = tries.size() - 1 - i / effort.judgements;
                const std::size_t split = i % effort.judgements;
                const auto& [learn, judge] = splits[split];
                const auto preset = std::make_unique<PresetType>(seed + split);
                if (!learn.empty() && !judge.empty()) {
                    preset->fit(samples.reordered(learn), tries[t]);
                    losses[t * effort.judgements + split] =
                        preset->evaluate(samples.reordered(judge)).loss;
                }
                tell(tries[t]);
            });
            double least = std::numeric_limits<double>::infinity();
            for (std::size_t t = 0; t < tries.size(); ++t) {
                const auto first =
                    losses.begin() + static_cast<std::ptrdiff_t>(t * effort.judgements);
                const double loss = std::accumulate(
                    first, first + static_cast<std::ptrdiff_t>(effort.judgements), 0.0);
                if (loss < least) model.updates_ = tries[t];
                least = std::fmin(least, loss);
            }
        }
        progress.total -= effort.networks * (tries.back() - model.updates_);
        std::vector<std::unique_ptr<PresetType>> presets(effort.networks);
        parallel_for(effort.networks, effort.threads, [&](std::size_t i, std::size_t /*thread*/) {
            if (is_stopped) return;
            // Now and then a life ends worse than it began: another one is lived in its place.
            for (std::uint64_t again = 0; again < 3; ++again) {
                presets[i] = std::make_unique<PresetType>(seed + 1 + i + again * 1'000'000);
                presets[i]->fit(samples, model.updates_);
                if (has_learned(*presets[i], all)) break;
            }
            tell(model.updates_);
        });
        for (const auto& preset : presets) {
            if (network::all_finite(std::as_const(*preset).params())) model.take(*preset);
        }
        if (model.networks_.empty())
            throw Error(table.name(), "no network learned: all are broken");
        model.target_.mean = model.target_.scale = {};  // as a file has it: in its own units
        return model;
    }

    /// Networks without parameters, to be filled: what a file is read into.
    TableModel(TablePreprocessing preprocessing, TableTarget target)
        : preprocessing_(std::move(preprocessing)), target_(std::move(target)), scratch_(1) {
        const std::string name = "TableModel";
        if (target_.kind != kind) throw Error(name, "not the kind of target that this network has");
        if (preprocessing_.features() > features) {
            throw Error(name, "more inputs than the network has room for", features,
                        preprocessing_.features());
        }
        if (target_.outputs() > outputs) {
            throw Error(name, "more outputs than the network has room for", outputs,
                        target_.outputs());
        }
        mean_.assign(outputs, 0.0);
        scale_.assign(outputs, 1.0);
    }

    /// From cells to inputs.
    [[nodiscard]] const TablePreprocessing& preprocessing() const noexcept {
        return preprocessing_;
    }
    /// What is predicted, numbers in their own units.
    [[nodiscard]] const TableTarget& target() const noexcept { return target_; }
    /// How the table was read: its marks for missing values, and whether commas are decimal.
    [[nodiscard]] const TableOptions& reading() const noexcept { return reading_; }
    [[nodiscard]] TableOptions& reading() noexcept { return reading_; }
    /// How many updates each network was trained for.
    [[nodiscard]] std::size_t updates() const noexcept { return updates_; }
    [[nodiscard]] std::size_t& updates() noexcept { return updates_; }
    /// The networks.
    [[nodiscard]] const std::vector<Params, LargePages<Params>>& networks() const noexcept {
        return networks_;
    }
    [[nodiscard]] std::vector<Params, LargePages<Params>>& networks() noexcept { return networks_; }
    /// Of numbers: an output times the scale, plus the mean, is in the units of the column.
    [[nodiscard]] std::vector<double>& mean() noexcept { return mean_; }
    [[nodiscard]] const std::vector<double>& mean() const noexcept { return mean_; }
    /// What an output is multiplied by.
    [[nodiscard]] std::vector<double>& scale() noexcept { return scale_; }
    /// The same, to be read.
    [[nodiscard]] const std::vector<double>& scale() const noexcept { return scale_; }

    /// What the networks say of one row: numbers in the units of their columns, probabilities of
    /// classes, or of labels. Allocates nothing.
    ///
    /// @param cell called with the number of a column among `preprocessing().columns()`; its text
    /// @param out `target().outputs()` numbers
    template <class Cell>
    TablePreprocessing::Encoded predict(const Cell& cell, std::span<double> out) {
        Scratch& scratch = scratch_.front();
        const auto encoded = preprocessing_.encode(cell, scratch.inputs);
        std::ranges::fill(out, 0.0);
        for (const Params& params : networks_) {
            network::template forward<1>(params, std::span<const float, features>(scratch.inputs),
                                         scratch.activities, scratch.eligibilities);
            const auto answer =
                std::as_const(scratch.activities).template get<network::depth - 1>();
            for (std::size_t k = 0; k < out.size(); ++k) {
                out[k] += static_cast<double>(answer[k]) / static_cast<double>(networks_.size());
            }
        }
        if constexpr (kind == TargetKind::numbers) {
            constexpr double most = std::numeric_limits<double>::max();
            for (std::size_t k = 0; k < out.size(); ++k) {
                out[k] = std::clamp(mean_[k] + scale_[k] * out[k], -most, most);
            }
        }
        if constexpr (kind == TargetKind::classes) {
            // A network may have room for more classes than there are.
            const double sum = std::accumulate(out.begin(), out.end(), 0.0);
            for (double& probability : out) {
                probability = sum > 0 ? probability / sum : 1 / static_cast<double>(out.size());
            }
        }
        return encoded;
    }

    /// The same for rows of a table: rows × outputs.
    ///
    /// @param unseen how many cells had a category that no row had to learn from
    /// @throws tdca::Error where a column or a row is missing, or a cell is no number and should be
    [[nodiscard]] Matrix<double> predict(const Table& table, std::span<const std::uint32_t> rows,
                                         std::size_t* unseen = nullptr) {
        table.require_rows(rows);
        const std::vector<std::size_t> columns = preprocessing_.columns_of(table);
        const std::size_t width = target_.outputs();
        auto result = Matrix<double>::from_shape({rows.size(), width});
        std::size_t count = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto encoded =
                predict([&](std::size_t c) { return table.cell(rows[i], columns[c]); },
                        std::span<double>(result.data() + i * width, width));
            count += encoded.unseen;
            if (encoded.no_number) detail::refuse_cell(table, rows[i], columns[*encoded.no_number]);
        }
        if (unseen != nullptr) *unseen = count;
        return result;
    }

private:
    struct Scratch {
        alignas(alignment) std::array<float, features> inputs;
        typename network::template Activities<1> activities;
        typename network::template Eligibilities<1> eligibilities;
    };

    /// A fifth of the samples for judging, by numbers within `rows`.
    static auto parts(const Table& table, const TableTarget& target,
                      std::span<const std::uint32_t> rows, Key key) {
        auto both = split_rows(table, target, rows, 0.2, key);
        std::vector<std::uint32_t> place(table.rows());
        for (std::size_t i = 0; i < rows.size(); ++i)
            place[rows[i]] = static_cast<std::uint32_t>(i);
        for (auto* part : {&both.first, &both.second}) {
            for (std::uint32_t& row : *part) row = place[row];
        }
        return both;
    }

    /// Whether a network is better on what it learned from than one that always says the mean;
    /// whatever is not broken, where there are no numbers.
    static bool has_learned(PresetType& preset, const Dataset& samples) {
        const double loss = preset.evaluate(samples).loss;
        // Numbers have a deviation of 1.
        return std::isfinite(loss) && (kind != TargetKind::numbers || loss < 1);
    }

    void take(const PresetType& preset) {
        networks_.push_back(preset.params());
        if constexpr (kind == TargetKind::numbers) {
            for (std::size_t k = 0; k < target_.outputs(); ++k) {
                mean_[k] = target_.mean[k] + target_.scale[k] * preset.scaling().mean[k];
                scale_[k] = target_.scale[k] * preset.scaling().scale[k];
            }
        }
    }

    TablePreprocessing preprocessing_;
    TableTarget target_;
    TableOptions reading_;
    std::size_t updates_ = 0;
    std::vector<Params, LargePages<Params>> networks_;
    std::vector<double> mean_;
    std::vector<double> scale_;
    std::vector<Scratch, LargePages<Scratch>> scratch_;  // one
};

}  // namespace tdca
