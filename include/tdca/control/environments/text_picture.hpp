// TextPicture: a picture made of characters.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"

namespace tdca::inline TDCA_ABI {

/// Rows of characters that are drawn on in coordinates of one's own; what lies outside is left out.
class TextPicture {
public:
    /// Which part of the world is shown.
    struct Window {
        double left = 0;    ///< of the world
        double right = 1;   ///< of the world
        double bottom = 0;  ///< of the world
        double top = 1;     ///< of the world
    };

    /// Empty.
    ///
    /// @throws tdca::Error where there is no room
    TextPicture(std::size_t columns, std::size_t rows)
        : columns_(columns), rows_(rows), marks_(columns * rows, ' ') {
        require_some("TextPicture", "columns", columns);
        require_some("TextPicture", "rows", rows);
    }

    /// Characters of a line.
    [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
    /// Lines.
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    /// Row 0 is the uppermost.
    [[nodiscard]] char at(std::size_t column, std::size_t row) const noexcept {
        return marks_[row * columns_ + column];
    }

    /// Begins anew: nothing is drawn, and coordinates are those of `window`.
    void clear(const Window& window) noexcept {
        window_ = window;
        std::ranges::fill(marks_, ' ');
    }

    /// One character.
    void put(double x, double y, char mark) noexcept {
        const double across = (x - window_.left) / (window_.right - window_.left);
        const double down = (window_.top - y) / (window_.top - window_.bottom);
        if (!(across >= 0 && across <= 1 && down >= 0 && down <= 1)) return;  // nor NaN
        const auto cell = [](double share, std::size_t cells) {
            return std::min(static_cast<std::size_t>(share * static_cast<double>(cells)),
                            cells - 1);
        };
        marks_[cell(down, rows_) * columns_ + cell(across, columns_)] = mark;
    }

    /// A straight line.
    void line(double from_x, double from_y, double to_x, double to_y, char mark) noexcept {
        const auto points = static_cast<int>(2 * std::max(columns_, rows_));
        for (int i = 0; i <= points; ++i) {
            const double share = static_cast<double>(i) / points;
            put(from_x + share * (to_x - from_x), from_y + share * (to_y - from_y), mark);
        }
    }

    /// A rectangle, filled.
    void box(double left, double bottom, double right, double top, char mark) noexcept {
        const auto points = static_cast<int>(2 * rows_);
        for (int i = 0; i <= points; ++i) {
            const double y = bottom + (top - bottom) * static_cast<double>(i) / points;
            line(left, y, right, y, mark);
        }
    }

    /// All rows, a line each.
    [[nodiscard]] std::string text() const {
        std::string all;
        all.reserve((columns_ + 1) * rows_);
        for (std::size_t row = 0; row < rows_; ++row) {
            all.append(marks_, row * columns_, columns_);
            all += '\n';
        }
        return all;
    }

private:
    std::size_t columns_;
    std::size_t rows_;
    std::string marks_;
    Window window_;
};

}  // namespace tdca
