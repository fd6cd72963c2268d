# `cpack -G DEB` in the build folder makes the Debian package libtdca-dev.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The tdca authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "trains neural networks without a backward pass (headers)")
set(CPACK_DEBIAN_PACKAGE_NAME libtdca-dev)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "tdca is a header-only C++20 library. A small top-down credit-assignment
network hands every neuron a credit, each synapse changes by credit times
activity, and an evolution strategy trains the top-down network itself.
The package holds headers, a CMake package, pkg-config files and genomes.")
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libxtensor-dev, libxsimd-dev, librandom123-dev")
# What the optional targets link: tdca::io; tdca::tables, tdca::box2d, tdca::mpi.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "zlib1g-dev, nlohmann-json3-dev")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "libcsv-dev, libbox2d-dev, libopenmpi-dev")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_TDCA_SOURCE_DIR "${PROJECT_SOURCE_DIR}")
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/package_documents.cmake")
include(CPack)
