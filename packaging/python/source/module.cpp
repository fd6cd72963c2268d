// The compiled part of the Python module: tdca._core. What users see is Python, in ../tdca.
#include "bindings.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/version.hpp"

#define TDCA_PYTHON_TEXT_OF(x) #x
#define TDCA_PYTHON_TEXT(x) TDCA_PYTHON_TEXT_OF(x)

PYBIND11_MODULE(_core, module) {
    module.doc() = "The compiled part of tdca; use the package.";
    // A wrong value is what nearly all errors of the library are about.
    pybind11::register_exception<tdca::Error>(module, "Error", PyExc_ValueError).attr("__doc__") =
        "What the library refuses: what went wrong, where, what was expected and what was found.";
    module.attr("__version__") = TDCA_PYTHON_TEXT(TDCA_VERSION_MAJOR) "." TDCA_PYTHON_TEXT(
        TDCA_VERSION_MINOR) "." TDCA_PYTHON_TEXT(TDCA_VERSION_PATCH);
    module.attr("instructions") = TDCA_PYTHON_TEXT(TDCA_ABI);
    tdca::python::bind_search(module);
    tdca::python::bind_tables(module);
    tdca::python::bind_tensors(module);
}
