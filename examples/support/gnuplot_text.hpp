// Text for gnuplot, which runs what it takes for a command.
#pragma once

#include <string>
#include <string_view>

namespace tdca::support {

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
