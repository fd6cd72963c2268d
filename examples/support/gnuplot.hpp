// What all that draws with gnuplot needs: whether it is there, and text that it takes for no
// command.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

namespace tdca::support {

/// Whether gnuplot is installed: a run is worth more than its picture.
[[nodiscard]] inline bool has_gnuplot() {
    return std::system("command -v gnuplot > /dev/null 2>&1") == 0;
}

/// `text` between single quotes, as one word of gnuplot's whatever is in it.
[[nodiscard]] inline std::string gnuplot_text(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'') quoted += '\'';  // written twice it is one
        quoted += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return quoted + '\'';
}

}  // namespace tdca::support
