// ReadThrough: a layer whose synapses act otherwise than they are written.
#pragma once

#include <cstddef>
#include <span>

#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {
namespace detail {

/// `Inner`, run with what `ParamsType::read(effective)` makes of its parameters. Learning is not
/// told of it: credit, activity and plasticity see what was written.
///
/// @tparam ParamsType inherits `Inner::Params`
template <class Inner, class ParamsType>
struct ReadThrough {
    using input_shape = typename Inner::input_shape;
    using output_shape = typename Inner::output_shape;
    using Params = ParamsType;
    using scalar = typename Inner::Params::scalar;
    static constexpr std::size_t fan_in = Inner::fan_in;
    static constexpr std::size_t inputs = input_shape::size;    ///< numbers that come in
    static constexpr std::size_t outputs = output_shape::size;  ///< and go out

    template <std::size_t Samples>
    struct Eligibility {
        typename Inner::Params effective;                     ///< synapses as they act
        typename Inner::template Eligibility<Samples> inner;  ///< what the layer leaves for itself
    };

    template <std::size_t Samples>
    static void forward(const Params& params, std::span<const scalar, Samples * inputs> in,
                        std::span<scalar, Samples * outputs> out,
                        Eligibility<Samples>& eligibility) noexcept {
        params.read(eligibility.effective);
        Inner::template forward<Samples>(eligibility.effective, in, out, eligibility.inner);
    }

    template <std::size_t Samples>
    static void forward_training(const Params& params, std::span<const scalar, Samples * inputs> in,
                                 std::span<scalar, Samples * outputs> out,
                                 Eligibility<Samples>& eligibility, Key key) noexcept
        requires TrainingLayer<Inner>
    {
        params.read(eligibility.effective);
        Inner::template forward_training<Samples>(eligibility.effective, in, out, eligibility.inner,
                                                  key);
    }

    template <std::size_t Samples>
    static void correlate(std::span<const scalar, Samples * inputs> in,
                          std::span<const scalar, Samples * outputs> credit,
                          const Eligibility<Samples>& eligibility, Params& delta) noexcept {
        Inner::template correlate<Samples>(in, credit, eligibility.inner, delta);
    }

    template <std::size_t Samples>
    static void gate(std::span<const scalar, Samples * outputs> out,
                     const Eligibility<Samples>& eligibility,
                     std::span<scalar, Samples * outputs> credit) noexcept {
        Inner::template gate<Samples>(out, eligibility.inner, credit);
    }
};

}  // namespace detail
}  // namespace tdca
