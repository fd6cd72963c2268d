// Diffusion from nowhere is refused.
// expect: credit needs at least one source
#include "tdca/credit/diffusion.hpp"

#ifdef TDCA_CONTROL
constexpr std::size_t sources = 4;
#else
constexpr std::size_t sources = 0;
#endif
static_assert(!tdca::GaussianDiffusion<sources>::is_identity);
