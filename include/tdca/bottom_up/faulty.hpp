// Faulty: a layer in a circuit whose synapses are not what they should be, and nobody can tell.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "tdca/bottom_up/detail/read_through.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

/// Any layer with synapses, biases included, each of which acts with a gain of its own, hidden, of
/// mean 1, or is stuck where it was born and learns nothing: acting = gain · written, gain =
/// 1 + `GainPercent` / 100 · N(0, 1). Each life draws a circuit of its own. What is written learns
/// as ever: credits see activities alone, and need not know. As many numbers of memory again as
/// the layer has twice, and so many multiplications in each pass forward; no allocation.
///
/// @tparam Spec a layer: `Faulty<Dense<64, Relu>, 30>`
/// @tparam GainPercent deviation of a synapse's gain
/// @tparam StuckPercent share of synapses that are stuck
template <class Spec, std::size_t GainPercent, std::size_t StuckPercent = 0>
struct Faulty {
    static_assert(StuckPercent <= 100, "no more than all synapses are stuck");

private:
    template <class Inner>
    struct ParamsOf : Inner::Params {
        static constexpr std::size_t size = Inner::Params::flat_size;
        // Of the circuit: no part of what plasticity, births and files see.
        std::array<typename Inner::Params::scalar, size> gains;  ///< 0 where a synapse is stuck
        std::array<typename Inner::Params::scalar, size> stuck;  ///< how it acts there

        void read(typename Inner::Params& effective) const noexcept {
            const auto written = this->flat();
            const auto acting = effective.flat();
            for (std::size_t i = 0; i < size; ++i) acting[i] = gains[i] * written[i] + stuck[i];
        }
    };

public:
    /// The layer on inputs of this shape.
    template <class Scalar, StaticShape InputShape>
    struct Bound
        : detail::ReadThrough<typename Spec::template Bound<Scalar, InputShape>,
                              ParamsOf<typename Spec::template Bound<Scalar, InputShape>>> {
        using Inner = typename Spec::template Bound<Scalar, InputShape>;  ///< the layer itself
        using Params = ParamsOf<Inner>;

        /// Births, and the circuit of this life. A stuck synapse is as it was born, before any gain
        /// of a genome's.
        static void initialize(Params& params, Key key) noexcept {
            Inner::initialize(params, key);
            const Key circuit = key / 0x6661756c74U;
            (circuit / 0).fill_normal(std::span<Scalar>(params.gains));
            const auto written = params.flat();
            for (std::size_t i = 0; i < Params::size; ++i) {
                params.gains[i] = 1 + params.gains[i] * static_cast<Scalar>(GainPercent) / 100;
                params.stuck[i] = 0;
                if ((circuit / 1).below(100, i) < StuckPercent) {
                    params.gains[i] = 0;
                    params.stuck[i] = written[i];
                }
            }
        }
    };
};

}  // namespace tdca
