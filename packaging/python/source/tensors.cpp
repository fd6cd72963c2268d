// Files of named tensors as NumPy arrays, and the genomes that come with the library.
#include <array>
#include <cstddef>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "tdca/core/error.hpp"
#include "tdca/io/safetensors.hpp"
#include "tdca/io/tensor_file.hpp"
#include "tdca/optimization/optimize.hpp"
#include "tdca/training/universal.hpp"

namespace tdca::python {

namespace {

using Facts = std::map<std::string, std::string>;

/// Element types that NumPy has too, by its letters.
constexpr std::array<std::pair<DType, const char*>, 13> numpy_types{{{DType::boolean, "?"},
                                                                     {DType::u8, "u1"},
                                                                     {DType::i8, "i1"},
                                                                     {DType::u16, "u2"},
                                                                     {DType::i16, "i2"},
                                                                     {DType::f16, "f2"},
                                                                     {DType::u32, "u4"},
                                                                     {DType::i32, "i4"},
                                                                     {DType::f32, "f4"},
                                                                     {DType::u64, "u8"},
                                                                     {DType::i64, "i8"},
                                                                     {DType::f64, "f8"},
                                                                     {DType::c64, "c8"}}};

py::array array_of(const TensorFile& file, const TensorRecord& record) {
    for (const auto& [dtype, letters] : numpy_types) {
        if (dtype != record.dtype) continue;
        py::array array(py::dtype(letters),
                        std::vector<py::ssize_t>(record.shape.begin(), record.shape.end()));
        if (!record.bytes.empty()) {
            std::memcpy(array.mutable_data(), record.bytes.data(), record.bytes.size());
        }
        return array;
    }
    throw Error(file.source, "a tensor of a type that NumPy does not have: " + describe(record));
}

std::pair<py::dict, Facts> read(const std::string& path) {
    const TensorFile file = [&] {
        const py::gil_scoped_release released;
        return load_safetensors(path);
    }();
    py::dict tensors;
    for (const TensorRecord& record : file.tensors) {
        tensors[py::str(record.name)] = array_of(file, record);
    }
    return {tensors, file.metadata};
}

void write(const std::string& path, const std::vector<std::pair<std::string, py::array>>& tensors,
           const Facts& facts) {
    TensorFile file{facts, {}, path};
    for (const auto& [name, given] : tensors) {
        const auto array = py::array::ensure(given, py::array::c_style);
        TensorRecord record;
        record.name = name;
        record.dtype = DType::other;
        for (const auto& [dtype, type] : numpy_types) {
            // Equal, not the same: a pickled type, and `long long`, are objects of their own.
            if (array && array.dtype().equal(py::dtype(type))) record.dtype = dtype;
        }
        if (record.dtype == DType::other) {
            throw Error(path,
                        "the tensor " + name + " is of a type that such a file does not have");
        }
        record.shape.assign(array.shape(), array.shape() + array.ndim());
        const auto* const bytes = static_cast<const std::byte*>(array.data());
        record.bytes.assign(bytes, bytes + array.nbytes());
        file.tensors.push_back(std::move(record));
    }
    const py::gil_scoped_release released;
    save_safetensors(path, file);
}

template <class GenomeType>
py::dict tensors_of(const GenomeType& genome) {
    py::dict tensors;
    TensorFile file;
    add_parameters(file, "", genome);
    for (const TensorRecord& record : file.tensors) {
        tensors[py::str(record.name)] = array_of(file, record);
    }
    return tensors;
}

}  // namespace

void bind_tensors(py::module_& module) {
    module.def("read_tensors", &read, py::arg("path"));
    module.def("write_tensors", &write, py::arg("path"), py::arg("tensors"), py::arg("facts"));
    module.def("universal_genome", [] { return tensors_of(tdca::universal_genome()); });
    module.def("optimizer_genome", [] { return tensors_of(shipped_optimizer()); });
}

}  // namespace tdca::python
