// A kernel that says of no neuron how strongly it is reached is no diffusion.
// expect: this is no diffusion; see tdca/concepts/diffusion.hpp
#include "tdca/core/parameters.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"

struct Unreached {
    using Genome = tdca::Genes<float>;
    static constexpr std::size_t genome_sources = 4;
    static constexpr bool is_identity = false;
    template <std::size_t Neurons>
    static constexpr std::size_t sources = 4;
};

#ifdef TDCA_CONTROL
using Kernel = tdca::GaussianDiffusion<4>;
#else
using Kernel = Unreached;
#endif
using TopDown = tdca::TopDownNetwork<tdca::ClassificationSignal<3>, tdca::Hidden<2>, Kernel>;
static_assert(sizeof(TopDown::Genome) > 0);
