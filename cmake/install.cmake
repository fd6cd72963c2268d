# Headers and a relocatable CMake package, one export set per component.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/tdca")

# Export sets are there without TDCA_INSTALL too, though nothing of them is installed: a parent can
# export a library that links tdca, whose users then find tdca for themselves.
set(extent "")
if(NOT TDCA_INSTALL)
    set(extent COMPONENT tdca EXCLUDE_FROM_ALL)
endif()

# tdca_install(TARGET EXPORT)
function(tdca_install target export)
    if(TARGET ${target})
        install(TARGETS ${target} EXPORT ${export}
                FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" ${extent})
        install(EXPORT ${export} NAMESPACE tdca:: DESTINATION "${package_dir}" ${extent})
    endif()
endfunction()
tdca_install(tdca tdcaCoreTargets)
tdca_install(tdca_io tdcaIoTargets)
tdca_install(tdca_tables tdcaTablesTargets)
tdca_install(tdca_box2d tdcaBox2dTargets)
tdca_install(tdca_mpi tdcaMpiTargets)
if(NOT TDCA_INSTALL)
    return()
endif()

write_basic_package_version_file(
    "${PROJECT_BINARY_DIR}/tdcaConfigVersion.cmake" COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES cmake/tdcaConfig.cmake cmake/tdcaDependencies.cmake cmake/FindRandom123.cmake
              cmake/Findlibcsv.cmake "${PROJECT_BINARY_DIR}/tdcaConfigVersion.cmake" DESTINATION "${package_dir}")

# A few hundred numbers each; tdca_GENOME_DIR and pkg-config's variable genomedir name their folder.
install(DIRECTORY examples/genomes DESTINATION "${CMAKE_INSTALL_DATADIR}/tdca")

# For builds without CMake: pkg-config tdca, and tdca-io.
set(TDCA_PC_OPENMP "")
if(TDCA_USE_OPENMP)
    set(TDCA_PC_OPENMP "-fopenmp")
endif()
set(pkg_config_dir "${CMAKE_INSTALL_DATADIR}/pkgconfig")
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY
           "${CMAKE_INSTALL_PREFIX}/${pkg_config_dir}" OUTPUT_VARIABLE TDCA_PC_PREFIX)
set(modules tdca)
if(TARGET tdca_io)
    list(APPEND modules tdca-io)
endif()
foreach(module IN LISTS modules)
    configure_file("cmake/${module}.pc.in" "${PROJECT_BINARY_DIR}/${module}.pc" @ONLY)
    install(FILES "${PROJECT_BINARY_DIR}/${module}.pc" DESTINATION "${pkg_config_dir}")
endforeach()
