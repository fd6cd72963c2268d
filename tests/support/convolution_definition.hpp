// A convolution product by product: what kernels and layers are held to.
#pragma once

#include <cstddef>
#include <vector>

#include "tdca/math/convolution_shape.hpp"

namespace tdca::testing {

/// in[s, c, y, x], zero outside of the map.
template <ConvolutionShape S, class Scalar>
double pixel(const std::vector<Scalar>& in, std::size_t s, std::size_t c, std::size_t y,
             std::size_t x) {
    if (y < S.padding || x < S.padding || y >= S.rows + S.padding || x >= S.columns + S.padding) {
        return 0;
    }
    return in[((s * S.channels + c) * S.rows + y - S.padding) * S.columns + x - S.padding];
}

/// Calls `visit(output, synapse, seen)` for every product of a convolution.
template <ConvolutionShape S, class Scalar, class Visitor>
void for_each_product(const std::vector<Scalar>& in, std::size_t samples, Visitor&& visit) {
    const std::size_t filters = S.filters / S.groups;
    const std::size_t channels = S.channels / S.groups;
    for (std::size_t s = 0; s < samples; ++s) {
        for (std::size_t f = 0; f < S.filters; ++f) {
            for (std::size_t y = 0; y < S.out_rows(); ++y) {
                for (std::size_t x = 0; x < S.out_columns(); ++x) {
                    const std::size_t output =
                        ((s * S.filters + f) * S.out_rows() + y) * S.out_columns() + x;
                    for (std::size_t c = 0; c < channels; ++c) {
                        for (std::size_t i = 0; i < S.extent; ++i) {
                            for (std::size_t j = 0; j < S.extent; ++j) {
                                visit(output, ((f * channels + c) * S.extent + i) * S.extent + j,
                                      pixel<S>(in, s, f / filters * channels + c, y * S.stride + i,
                                               x * S.stride + j));
                            }
                        }
                    }
                }
            }
        }
    }
}

}  // namespace tdca::testing
