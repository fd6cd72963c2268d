// Layers cannot guess at a signal that does not say what a guess looks like.
// expect: this signal does not say what a layer's guess looks like; see InterpretingSignal
#include <cstddef>
#include <span>

#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"

struct Silent {
    static constexpr std::size_t width = 3;
    using Target = float;
    template <std::size_t Samples, class Scalar>
    static void observe(std::span<const Scalar, Samples * 3>, std::span<const Target, Samples>,
                        std::span<Scalar, Samples * 3>) noexcept {}
};

#ifdef TDCA_CONTROL
using Signal = tdca::ClassificationSignal<3>;
#else
using Signal = Silent;
#endif
using TopDown = tdca::TopDownNetwork<Signal, tdca::Hidden<2>, tdca::GaussianDiffusion<4>,
                                     tdca::PredictiveFeedback<>>;
static_assert(sizeof(TopDown::Genome) > 0);
