// A library's own interface, which has tdca's types in it.
#pragma once

#include <string>
#include <tdca/core/random.hpp>

/// Bits that follow from a key and the number of tensors in a file.
std::uint32_t bits_of_file(tdca::Key key, const std::string& path);
