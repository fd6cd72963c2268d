// An autoencoder puts out its own inputs, all of them.
// expect: an Autoencoder's output layer has a unit for each input
#include "tdca/presets.hpp"

#ifdef TDCA_CONTROL
inline constexpr std::size_t outputs = 4;
#else
inline constexpr std::size_t outputs = 3;
#endif
using Net = tdca::Network<tdca::Input<4>, tdca::Dense<2, tdca::Identity>,
                          tdca::Dense<outputs, tdca::Identity>>;
static_assert(sizeof(tdca::Autoencoder<Net>) > 0);
