// GradientNetwork: a network with Adam, for losses whose gradient at the output units is given.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

#include "baseline/descend.hpp"
#include "baseline/fixed_optimizers.hpp"
#include "tdca/core/random.hpp"
#include "tdca/math/simd.hpp"
#include "tdca/plasticity/synapses.hpp"
#include "tdca/training/learner.hpp"

namespace tdca::baseline {

/// Forward passes, exact backpropagation of what is put into `output_credits()` — uphill, with
/// respect to the output units' sums — and steps of Adam on what has accumulated. Large; keep it on
/// the heap.
template <class Net, std::size_t Samples>
class GradientNetwork {
    static constexpr std::size_t inputs = Net::input_shape::size;
    static constexpr std::size_t outputs = Net::output_shape::size;
    static constexpr std::size_t top = Net::depth - 1;

public:
    void begin(Key key, float output_gain) {
        Net::initialize(params_, key);
        for (float& weight : std::get<top>(params_).template get<"weights">()) {
            weight *= output_gain;
        }
        std::apply([](auto&... traces) { (traces.forget(), ...); }, traces_);
        clear();
        age_ = 0;
    }

    /// The outputs for one sample.
    std::span<const float, outputs> answer(std::span<const float, inputs> in) noexcept {
        Net::template forward<1>(params_, in, single_, single_eligibilities_);
        return std::as_const(single_).template get<top>();
    }

    std::span<const float, Samples * outputs> forward(
        std::span<const float, Samples * inputs> in) noexcept {
        Net::template forward<Samples>(params_, in, activities_, eligibilities_);
        return std::as_const(activities_).template get<top>();
    }
    std::span<float, Samples * outputs> output_credits() noexcept {
        return credits_.template get<top>();
    }

    /// Adds `share` times the mean gradient of the latest forward pass.
    void accumulate(std::span<const float, Samples * inputs> in, float share) noexcept {
        descend_from_top<Net, Samples>(params_, activities_, transposed_, credits_);
        Net::for_each_layer([&](auto i) {
            if constexpr (Net::template has_synapses<i>) {
                auto& delta = std::get<i>(deltas_);
                Net::template layer<i>::template correlate<Samples>(
                    Net::template below<i, Samples>(in, activities_),
                    std::as_const(credits_).template get<i>(), std::get<i>(eligibilities_), delta);
                simd::axpy(share, std::as_const(delta).flat(), std::get<i>(gradient_).flat());
            }
        });
    }

    void step(float rate) noexcept {
        ++age_;
        const auto change = Adam::change({0.9F, 0.999F, 0}, age_, rate);
        Net::for_each_layer([&](auto i) {
            change_synapses(change, std::as_const(std::get<i>(gradient_)).flat(),
                            std::get<i>(traces_), std::get<i>(params_).flat());
        });
        clear();
    }

    [[nodiscard]] typename Net::Params& params() noexcept { return params_; }
    /// What has accumulated since the last step.
    [[nodiscard]] const typename Net::Params& gradient() const noexcept { return gradient_; }

private:
    void clear() noexcept {
        Net::for_each_layer([&](auto i) {
            for (float& value : std::get<i>(gradient_).flat()) value = 0;
        });
    }

    typename Net::Params params_;
    typename Net::Params deltas_;
    typename Net::Params gradient_;
    typename Net::Params transposed_;
    typename tdca::detail::TracesOf<Adam, typename Net::Params>::type traces_;
    typename Net::template Activities<Samples> activities_;
    typename Net::template Activities<Samples> credits_;
    typename Net::template Eligibilities<Samples> eligibilities_;
    typename Net::template Activities<1> single_;
    typename Net::template Eligibilities<1> single_eligibilities_;
    std::size_t age_ = 0;
};

}  // namespace tdca::baseline
