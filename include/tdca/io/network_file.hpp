// Trained networks in safetensors files, with the facts that their user needs.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/io/safetensors.hpp"
#include "tdca/io/tensor_checks.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

inline constexpr const char* network_format = "tdca-network-1";

/// What the tensors of layer number `index` are called before their own names.
[[nodiscard]] inline std::string layer_prefix(std::size_t index) {
    return "layer " + to_text(index);
}

}  // namespace detail

/// Writes a network's parameters, whole or not at all: tensors "layer 0.weights" and so on, which
/// NumPy and PyTorch read as well.
///
/// @param facts free text under free keys: data, seed, accuracy; the mean and the deviation that
///   inputs were standardised by, without which a network is worth nothing
/// @throws tdca::Error naming file and tensor where a parameter is not finite; as
/// `save_safetensors`
template <class Net>
void save_network(const std::filesystem::path& path, const typename Net::Params& params,
                  const std::map<std::string, std::string>& facts = {}) {
    TensorFile file;
    file.metadata = facts;
    file.metadata["format"] = detail::network_format;
    file.source = path.string();
    Net::for_each_layer([&](auto i) {
        const auto& layer = std::get<i>(params);
        (void)require_finite_tensors(path.string(), detail::layer_prefix(i), "parameter", layer);
        add_parameters(file, detail::layer_prefix(i), layer);
    });
    save_safetensors(path, file);
}

/// Reads what `save_network<Net>` wrote. A file that is refused leaves `params` as they were.
///
/// @return the facts that were saved with it
/// @throws tdca::Error naming the file, and the tensor, where the file is broken, is no network,
///   lacks a tensor, has one of another shape or one too many, or holds a number that is not finite
template <class Net>
std::map<std::string, std::string> load_network(const std::filesystem::path& path,
                                                typename Net::Params& params) {
    const TensorFile file = load_safetensors(path);
    require_format(file, "network", detail::network_format);
    auto loaded = std::make_unique<typename Net::Params>();
    std::size_t tensors = 0;
    Net::for_each_layer([&](auto i) {
        auto& layer = std::get<i>(*loaded);
        read_parameters(file, detail::layer_prefix(i), layer);
        tensors +=
            require_finite_tensors(path.string(), detail::layer_prefix(i), "parameter", layer);
    });
    if (file.tensors.size() != tensors) {
        throw Error(path.string(), "tensors that this network does not have", tensors,
                    file.tensors.size());
    }
    params = *loaded;
    return file.metadata;
}

}  // namespace tdca
