// The names of all test functions, for options that choose among them.
#pragma once

#include <string>
#include <vector>

#include "tdca/optimization/test_function.hpp"

namespace tdca::support {

[[nodiscard]] inline std::vector<std::string> test_function_names() {
    std::vector<std::string> names;
    for (const TestFunction& function : test_functions()) names.emplace_back(function.name);
    return names;
}

}  // namespace tdca::support
