#include "reader.hpp"

#include <tdca/data/csv.hpp>
#include <tdca/io/safetensors.hpp>

std::uint32_t bits_of_file(tdca::Key key, const std::string& path) {
    if (path.ends_with(".csv")) return key.bits(tdca::load_csv(path).size())[0];
    return key.bits(tdca::load_safetensors(path).tensors.size())[0];
}
