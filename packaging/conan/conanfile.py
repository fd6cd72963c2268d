"""Conan 2 recipe: `conan create packaging/conan` packages the tree that it lies in."""

import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load
from conan.tools.system.package_manager import Apt

required_conan_version = ">=2.0"


class TdcaConan(ConanFile):
    name = "tdca"
    description = "Trains neural networks by top-down credit assignment, with no backward pass"
    license = "BSD-3-Clause"
    topics = ("neural-networks", "evolution-strategies", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"with_io": [True, False]}
    # XTENSOR_USE_XSIMD would change the allocator of all of the consumer's tensors.
    default_options = {"with_io": True, "xtensor/*:xsimd": False}
    no_copy_source = True

    @property
    def _tree(self):
        return os.path.join(self.recipe_folder, "..", "..")

    def set_version(self):
        header = load(self, os.path.join(self._tree, "include", "tdca", "version.hpp"))
        self.version = ".".join(re.findall(r"define TDCA_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", header))

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "examples/genomes/*"):
            copy(self, pattern, self._tree, self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        # The versions that the library is tested with.
        self.requires("xtensor/0.24.3", transitive_headers=True)
        self.requires("xsimd/8.1.0", transitive_headers=True)
        if self.options.with_io:
            self.requires("zlib/[>=1.2.11 <2]", transitive_headers=True, transitive_libs=True)
            self.requires("nlohmann_json/[>=3.11 <4]", transitive_headers=True)

    def system_requirements(self):
        Apt(self).install(["librandom123-dev"])  # Conan has no recipe of it

    def validate(self):
        check_min_cppstd(self, 20)

    def package_id(self):
        # Headers alone: one package for all settings.
        self.info.settings.clear()

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        for part in ("TESTS", "EXAMPLES", "BENCHMARKS"):
            toolchain.cache_variables[f"TDCA_BUILD_{part}"] = False
        toolchain.cache_variables["CMAKE_DISABLE_FIND_PACKAGE_ZLIB"] = not self.options.with_io
        toolchain.cache_variables["CMAKE_DISABLE_FIND_PACKAGE_libcsv"] = True
        toolchain.cache_variables["CMAKE_DISABLE_FIND_PACKAGE_box2d"] = True
        toolchain.cache_variables["CMAKE_DISABLE_FIND_PACKAGE_MPI"] = True
        toolchain.generate()

    def build(self):
        CMake(self).configure()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))

    def package_info(self):
        # find_package(tdca) takes the library's own CMake package.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = [os.path.join("share", "cmake", "tdca")]
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
