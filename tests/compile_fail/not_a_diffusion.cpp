// A kernel that says of no neuron how strongly it is reached is no diffusion.
// expect: this is no diffusion; see tdca/concepts/diffusion.hpp
// expect: a diffusion needs reach<Neurons>(genome, j, out), noexcept
// not: a credit assigner needs
// not: does not assign credit
// not: no matching
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

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
using Net = tdca::Network<tdca::Input<4>, tdca::Dense<5>, tdca::Dense<3, tdca::Softmax>>;
static_assert(sizeof(tdca::Learner<Net, TopDown>::State) > 0);
