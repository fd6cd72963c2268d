// The library that a user would otherwise take for convolutions.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace tdca::peers {

/// A convolution of square windows, stride 1, zeros around.
struct Convolution {
    std::size_t samples;
    std::size_t channels;
    std::size_t side;  ///< rows and columns of maps
    std::size_t filters;
    std::size_t extent;
    std::size_t padding;
};

/// One library on one thread, numbers of its own in the layout that it likes best.
struct ConvolutionPeer {
    std::string name;
    std::string detail;  ///< version; or why it is missing
    /// The forward pass and the weights' gradient, ready to be timed; empty where it is missing.
    std::function<std::function<void()>(const Convolution&)> forward;
    std::function<std::function<void()>(const Convolution&)> update;
};

ConvolutionPeer onednn_convolution();

}  // namespace tdca::peers
