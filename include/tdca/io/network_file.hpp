// Trained networks in safetensors files, with the facts that their user needs.
#pragma once

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <tuple>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/facts.hpp"
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
                  const Facts& facts = {}) {
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
Facts load_network(const std::filesystem::path& path, typename Net::Params& params) {
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

/// What is ready to use: it has a network's parameters, and knows what goes with them.
template <class Model>
concept KeepableModel =
    requires(Model& model, const Model& learned, typename Model::network::Params& params) {
        { learned.params() } -> std::same_as<const typename Model::network::Params&>;
        { model.params() } -> std::same_as<typename Model::network::Params&>;
        { learned.facts() } -> std::same_as<Facts>;
        model.read(Facts());
    };

/// Writes all that a `Classifier`, a `SequenceRegressor` or another preset has learned: its
/// network and, of numbers, their scaling. The file is one of its network, too.
///
/// @param facts as above; under a key of the preset's own, such as `target_mean`, the preset's
///   stands, so that what was read from a file may be handed on
/// @throws tdca::Error as above, and before the preset's first `fit`
template <KeepableModel Model>
void save_network(const std::filesystem::path& path, const Model& model, Facts facts = {}) {
    Facts all = model.facts();
    all.merge(facts);
    save_network<typename Model::network>(path, model.params(), all);
}

/// Reads what `save_network(path, model)` wrote of a preset of this type: it is then as good as
/// fitted, and predicts the same bits. A file that is refused leaves it as it was.
///
/// @return the facts that were saved with it
/// @throws tdca::Error as above, and where the file lacks what goes with the network
template <KeepableModel Model>
Facts load_network(const std::filesystem::path& path, Model& model) {
    using Params = typename Model::network::Params;
    const auto loaded = std::make_unique<Params>();
    Facts facts = load_network<typename Model::network>(path, *loaded);
    model.read(facts);
    model.params() = *loaded;
    return facts;
}

}  // namespace tdca
