// What the parts of the Python module share.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <span>
#include <utility>

namespace tdca::python {

namespace py = pybind11;

/// Numbers as NumPy hands them over: contiguous, and copied only where they are something else.
template <class Number>
using Array = py::array_t<Number, py::array::c_style | py::array::forcecast>;

template <class Number>
[[nodiscard]] std::span<const Number> view(const Array<Number>& array) {
    return {array.data(), static_cast<std::size_t>(array.size())};
}

void bind_search(py::module_& module);
void bind_tables(py::module_& module);
void bind_tensors(py::module_& module);

}  // namespace tdca::python
