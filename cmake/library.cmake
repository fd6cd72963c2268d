# The targets that users link: tdca::tdca, and tdca::io, tdca::box2d and tdca::mpi where their packages
# are found.
# Nothing here may add a compile flag: consumers inherit cxx_std_20 and OpenMP's own flag alone.

list(APPEND CMAKE_MODULE_PATH "${PROJECT_SOURCE_DIR}/cmake")
find_package(xtensor REQUIRED)
find_package(xsimd REQUIRED)
find_package(Random123 REQUIRED)
if(TDCA_USE_OPENMP)
    find_package(OpenMP COMPONENTS CXX)
endif()
find_package(ZLIB)
find_package(nlohmann_json)
find_package(box2d CONFIG QUIET)
find_package(MPI QUIET COMPONENTS CXX)

# Headers of tdca::io: those that need zlib or JSON.
file(GLOB_RECURSE core_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/tdca/*.hpp")
file(GLOB_RECURSE io_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/tdca/io/*.hpp"
     "${PROJECT_SOURCE_DIR}/include/tdca/data/csv.hpp"
     "${PROJECT_SOURCE_DIR}/include/tdca/data/idx.hpp"
     "${PROJECT_SOURCE_DIR}/include/tdca/data/detail/gzip_reader.hpp")
set(box2d_headers "${PROJECT_SOURCE_DIR}/include/tdca/task/control/lunar_lander.hpp")
file(GLOB mpi_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/tdca/distributed/*.hpp")
list(REMOVE_ITEM core_headers ${io_headers} ${box2d_headers} ${mpi_headers})

# Imported targets are SYSTEM includes: g++ 12 warns inside immintrin.h when they are not.
add_library(tdca INTERFACE)
add_library(tdca::tdca ALIAS tdca)
target_compile_features(tdca INTERFACE cxx_std_20)
target_link_libraries(tdca INTERFACE xtensor xsimd Random123::Random123)
target_sources(
    tdca INTERFACE FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${core_headers})
if(TDCA_USE_OPENMP AND OpenMP_CXX_FOUND)
    # The installed package looks for OpenMP anew, on the consumer's machine and compiler.
    target_link_libraries(tdca INTERFACE $<BUILD_INTERFACE:OpenMP::OpenMP_CXX>)
endif()

# Makes the optional target tdca::NAME of some headers, where all that it needs was found.
# tdca_add_component(NAME FOUND... NEEDS TEXT LIBRARIES TARGET... HEADERS FILE...)
function(tdca_add_component name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "NEEDS" "LIBRARIES;HEADERS")
    foreach(found IN LISTS arg_UNPARSED_ARGUMENTS)
        if(NOT ${found})
            message(STATUS "tdca::${name} is left out: it needs ${arg_NEEDS}")
            return()
        endif()
    endforeach()
    add_library(tdca_${name} INTERFACE)
    add_library(tdca::${name} ALIAS tdca_${name})
    set_target_properties(tdca_${name} PROPERTIES EXPORT_NAME ${name})
    target_link_libraries(tdca_${name} INTERFACE tdca ${arg_LIBRARIES})
    target_sources(
        tdca_${name} INTERFACE FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include"
                               FILES ${arg_HEADERS})
endfunction()

tdca_add_component(
    io ZLIB_FOUND nlohmann_json_FOUND NEEDS "zlib and nlohmann_json"
    LIBRARIES ZLIB::ZLIB nlohmann_json::nlohmann_json HEADERS ${io_headers})
# Environments that need physics.
tdca_add_component(
    box2d box2d_FOUND NEEDS "Box2D" LIBRARIES box2d::box2d HEADERS ${box2d_headers})
# Evolution on many machines.
tdca_add_component(mpi MPI_CXX_FOUND NEEDS "MPI" LIBRARIES MPI::MPI_CXX HEADERS ${mpi_headers})

# Where a consumer finds the shipped genomes, as the installed package says it too.
set(tdca_GENOME_DIR "${PROJECT_SOURCE_DIR}/examples/genomes" CACHE INTERNAL "")
