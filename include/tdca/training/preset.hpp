// Preset: what classifiers and regressors that are ready to use have in common.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/training/lifetime.hpp"
#include "tdca/training/universal.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// What a preset keeps: a life, and whether it was lived.
template <class LearnerType, std::size_t Samples>
class Preset {
public:
    using network = typename LearnerType::network;
    using learner = LearnerType;
    using Evaluation = typename Lifetime<LearnerType, Samples>::Evaluation;

    static constexpr std::size_t features = network::input_shape::size;
    static constexpr std::size_t outputs = network::output_shape::size;

    /// The network's weights: what `save_network` keeps and `load_network` fills.
    [[nodiscard]] const typename network::Params& params() const noexcept { return life_.params(); }
    /// To be filled; the network is then as good as fitted.
    [[nodiscard]] typename network::Params& params() noexcept {
        is_fit_ = true;
        return life_.params();
    }

protected:
    Preset(const char* name, std::uint64_t seed, const ClassifierGenome& genome)
        : name_(name), key_(seed), genome_(genome) {}

    void require_fit() const {
        if (!is_fit_) throw Error(name_, "the network has not learned yet: call fit before");
    }

    /// The network's outputs for each sample: samples × output units.
    [[nodiscard]] Matrix<float> answer(std::span<const float> inputs) {
        require_fit();
        if (inputs.size() % features != 0) {
            throw Error(name_, "the inputs are no whole number of samples",
                        "a multiple of " + to_text(features), to_text(inputs.size()));
        }
        const std::size_t count = inputs.size() / features;
        auto result = Matrix<float>::from_shape({count, outputs});
        for (std::size_t first = 0; first < count; first += Samples) {
            const std::size_t here = std::min(Samples, count - first);
            std::ranges::copy(inputs.subspan(first * features, here * features),
                              life_.inputs().begin());
            auto& workspace = life_.workspace();
            network::template forward<Samples>(std::as_const(life_).params(), life_.inputs(),
                                               workspace.activities, workspace.eligibilities);
            const auto rows = workspace.activities.template get<network::depth - 1>();
            std::ranges::copy(rows.first(here * outputs), result.data() + first * outputs);
        }
        return result;
    }

    const char* name_;
    Key key_;
    ClassifierGenome genome_;
    Lifetime<LearnerType, Samples> life_;
    bool is_fit_ = false;
};

}  // namespace detail

}  // namespace tdca
