// ConvolutionShape: the extents of a convolution, and how its maps lie in memory.
#pragma once

#include <cstddef>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// The shapes of a convolution: `channels` maps of `rows` × `columns` become `filters` maps, each
/// seen through square windows of side `extent`.
///
/// A filter sees the `channels / groups` maps of its own group. Maps are surrounded by `padding`
/// zeros on each side; windows are `stride` apart.
struct ConvolutionShape {
    std::size_t channels;     ///< maps below
    std::size_t rows;         ///< of a map below
    std::size_t columns;      ///< of a map below
    std::size_t filters;      ///< maps above
    std::size_t extent;       ///< side of a window
    std::size_t stride = 1;   ///< steps between windows
    std::size_t padding = 0;  ///< zeros around a map, on each side
    std::size_t groups = 1;   ///< a filter sees 1 / groups of the maps

    /// Whether there is such a convolution.

    [[nodiscard]] constexpr bool is_possible() const noexcept {
        return channels > 0 && filters > 0 && extent > 0 && stride > 0 && groups > 0 &&
               channels % groups == 0 && filters % groups == 0 && extent <= rows + 2 * padding &&
               extent <= columns + 2 * padding;
    }
    /// Rows of a map above.
    [[nodiscard]] constexpr std::size_t out_rows() const noexcept {
        return (rows + 2 * padding - extent) / stride + 1;
    }
    /// Columns of a map above.
    [[nodiscard]] constexpr std::size_t out_columns() const noexcept {
        return (columns + 2 * padding - extent) / stride + 1;
    }
    /// Numbers of a sample below.
    [[nodiscard]] constexpr std::size_t inputs() const noexcept {
        return channels * rows * columns;
    }
    /// Numbers of a sample above.
    [[nodiscard]] constexpr std::size_t outputs() const noexcept {
        return filters * out_rows() * out_columns();
    }
    /// Synapses of one filter.
    [[nodiscard]] constexpr std::size_t fan_in() const noexcept {
        return channels / groups * extent * extent;
    }

    // Maps as the kernels read them: surrounded by their padding, and cut into stride × stride
    // *phases* (rows and columns of equal remainder), so that neighbouring windows read
    // neighbouring numbers at any stride.
    /// Rows of a phase.
    [[nodiscard]] constexpr std::size_t phase_rows() const noexcept {
        return (rows + 2 * padding + stride - 1) / stride;
    }
    /// Columns of a phase.
    [[nodiscard]] constexpr std::size_t pitch() const noexcept {
        return (columns + 2 * padding + stride - 1) / stride;
    }
    /// Numbers of a map as the kernels read it.
    [[nodiscard]] constexpr std::size_t map_size() const noexcept {
        return stride * stride * phase_rows() * pitch();
    }
    /// Where a window's entry (row, column) lies, from the window's first.
    [[nodiscard]] constexpr std::size_t offset_of(std::size_t row,
                                                  std::size_t column) const noexcept {
        const std::size_t phase = row % stride * stride + column % stride;
        return phase * phase_rows() * pitch() + row / stride * pitch() + column / stride;
    }
    /// Whether maps are as the kernels read them without being laid out anew.
    [[nodiscard]] constexpr bool is_plain() const noexcept { return stride == 1 && padding == 0; }

    /// Windows from the first to the last in steps of one along the pitch: those between the end of
    /// one row of outputs and the start of the next are no outputs, and are dropped or multiplied
    /// by zero. That costs their share of the work, and makes every loop one long run.
    [[nodiscard]] constexpr std::size_t positions() const noexcept {
        return (out_rows() - 1) * pitch() + out_columns();
    }
};

}  // namespace tdca
