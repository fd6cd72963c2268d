// What observes nothing is no signal.
// expect: this is no signal; see tdca/concepts/signal.hpp
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"

struct Blind {
    static constexpr std::size_t width = 3;
    using Target = float;
};

#ifdef TDCA_CONTROL
using Signal = tdca::ClassificationSignal<3>;
#else
using Signal = Blind;
#endif
using TopDown = tdca::TopDownNetwork<Signal, tdca::Hidden<2>, tdca::GaussianDiffusion<4>>;
static_assert(sizeof(TopDown::Genome) > 0);
