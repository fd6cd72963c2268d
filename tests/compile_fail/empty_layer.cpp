// Neither an input nor a layer may be empty, nor a generator without noise.
// expect: every extent of an input is at least 1
// expect: a layer needs at least one neuron
// expect: a generator needs at least one noise source
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/optimization/generator.hpp"

#ifdef TDCA_CONTROL
constexpr std::size_t extent = 28, neurons = 3, sources = 8;
#else
constexpr std::size_t extent = 0, neurons = 0, sources = 0;
#endif
static_assert(sizeof(tdca::Input<28, extent>) > 0);
static_assert(sizeof(tdca::Dense<neurons>) > 0);
static_assert(sizeof(tdca::Generator<sources>) > 0);
