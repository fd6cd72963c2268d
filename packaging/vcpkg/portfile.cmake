# Installs the tree that this port lies in: an overlay port. In a registry, vcpkg_from_github (or
# vcpkg_from_gitlab, …) takes the place of the first command.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)

set(VCPKG_BUILD_TYPE release) # header-only
vcpkg_check_features(
    OUT_FEATURE_OPTIONS FEATURE_OPTIONS
    INVERTED_FEATURES
        io CMAKE_DISABLE_FIND_PACKAGE_ZLIB
        mpi CMAKE_DISABLE_FIND_PACKAGE_MPI)
vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        -DTDCA_BUILD_TESTS=OFF
        -DTDCA_BUILD_EXAMPLES=OFF
        -DTDCA_BUILD_BENCHMARKS=OFF
        -DCMAKE_DISABLE_FIND_PACKAGE_libcsv=ON # vcpkg has none
        -DCMAKE_DISABLE_FIND_PACKAGE_box2d=ON # vcpkg has 3; we need 2.4
        ${FEATURE_OPTIONS})
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/tdca)
vcpkg_replace_string("${CURRENT_PACKAGES_DIR}/share/${PORT}/tdcaConfig.cmake"
                     "/../../tdca/genomes" "/genomes")
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/cmake") # empty by now

file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage"
     DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
