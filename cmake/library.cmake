# The targets that users link: tdca::tdca, and tdca::io, tdca::tables, tdca::box2d and tdca::mpi where
# their packages are found.
# Nothing here may add a compile flag: consumers inherit cxx_std_20 and OpenMP's own flag alone.

list(APPEND CMAKE_MODULE_PATH "${PROJECT_SOURCE_DIR}/cmake")
include(cmake/tdcaDependencies.cmake)
tdca_ask_for_build_type()
tdca_find(xtensor REQUIRED)
tdca_find(xsimd REQUIRED)
tdca_find(Random123 REQUIRED)
if(TDCA_USE_OPENMP)
    tdca_find(OpenMP)
endif()
tdca_find(ZLIB)
tdca_find(nlohmann_json)
tdca_find(libcsv QUIET)
tdca_find(box2d QUIET)
tdca_find(MPI QUIET)

# Headers of tdca::io: those that need zlib or JSON.
file(GLOB_RECURSE core_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/tdca/*.hpp")
file(GLOB_RECURSE io_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/tdca/io/*.hpp"
     "${PROJECT_SOURCE_DIR}/include/tdca/data/csv.hpp"
     "${PROJECT_SOURCE_DIR}/include/tdca/data/idx.hpp"
     "${PROJECT_SOURCE_DIR}/include/tdca/data/inflated_text.hpp"
     "${PROJECT_SOURCE_DIR}/include/tdca/data/detail/gzip_reader.hpp")
file(GLOB box2d_headers CONFIGURE_DEPENDS
     "${PROJECT_SOURCE_DIR}/include/tdca/control/environments/lunar_lander*.hpp")
file(GLOB_RECURSE tables_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/tdca/tables/*.hpp")
file(GLOB mpi_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/tdca/distributed/*.hpp")
list(REMOVE_ITEM core_headers ${io_headers} ${tables_headers} ${box2d_headers} ${mpi_headers})

# Links TARGET to dependencies that were found. Only in the build: the installed package looks for
# them anew, on the consumer's machine, and a parent that exports what links tdca need not export them.
# Imported targets are SYSTEM includes: g++ 12 warns inside immintrin.h when they are not.
function(tdca_link target)
    foreach(dependency IN LISTS ARGN)
        target_link_libraries(${target} INTERFACE $<BUILD_INTERFACE:${tdca_${dependency}_target}>)
    endforeach()
endfunction()

add_library(tdca INTERFACE)
add_library(tdca::tdca ALIAS tdca)
target_compile_features(tdca INTERFACE cxx_std_20)
tdca_link(tdca xtensor xsimd Random123)
if(TDCA_USE_OPENMP AND tdca_OpenMP_target)
    tdca_link(tdca OpenMP)
endif()
target_sources(
    tdca INTERFACE FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${core_headers})

# Makes the optional target tdca::NAME of some headers, where all that it links was found.
# tdca_add_component(NAME NEEDS TEXT DEPENDENCIES NAME... HEADERS FILE...)
function(tdca_add_component name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "NEEDS" "DEPENDENCIES;HEADERS")
    foreach(dependency IN LISTS arg_DEPENDENCIES)
        if(NOT tdca_${dependency}_target)
            message(STATUS "tdca::${name} is left out: it needs ${arg_NEEDS}")
            return()
        endif()
    endforeach()
    add_library(tdca_${name} INTERFACE)
    add_library(tdca::${name} ALIAS tdca_${name})
    set_target_properties(tdca_${name} PROPERTIES EXPORT_NAME ${name})
    target_link_libraries(tdca_${name} INTERFACE tdca)
    tdca_link(tdca_${name} ${arg_DEPENDENCIES})
    target_sources(
        tdca_${name} INTERFACE FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include"
                               FILES ${arg_HEADERS})
endfunction()

tdca_add_component(io NEEDS "zlib and nlohmann_json" DEPENDENCIES ZLIB nlohmann_json
                   HEADERS ${io_headers})
# Tables as people have them.
tdca_add_component(tables NEEDS "zlib, nlohmann_json and libcsv"
                   DEPENDENCIES ZLIB nlohmann_json libcsv HEADERS ${tables_headers})
if(TARGET tdca_tables)
    target_link_libraries(tdca_tables INTERFACE tdca_io)
endif()
# Environments that need physics.
tdca_add_component(box2d NEEDS "Box2D" DEPENDENCIES box2d HEADERS ${box2d_headers})
# Evolution on many machines.
tdca_add_component(mpi NEEDS "MPI" DEPENDENCIES MPI HEADERS ${mpi_headers})

# Where a consumer finds the shipped genomes, as the installed package says it too.
set(tdca_GENOME_DIR "${PROJECT_SOURCE_DIR}/examples/genomes" CACHE INTERNAL "")
