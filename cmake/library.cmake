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

if(ZLIB_FOUND AND nlohmann_json_FOUND)
    add_library(tdca_io INTERFACE)
    add_library(tdca::io ALIAS tdca_io)
    set_target_properties(tdca_io PROPERTIES EXPORT_NAME io)
    target_link_libraries(tdca_io INTERFACE tdca ZLIB::ZLIB nlohmann_json::nlohmann_json)
    target_sources(
        tdca_io INTERFACE FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include"
                          FILES ${io_headers})
else()
    message(STATUS "tdca::io is left out: it needs zlib and nlohmann_json")
endif()

# Environments that need physics.
if(box2d_FOUND)
    add_library(tdca_box2d INTERFACE)
    add_library(tdca::box2d ALIAS tdca_box2d)
    set_target_properties(tdca_box2d PROPERTIES EXPORT_NAME box2d)
    target_link_libraries(tdca_box2d INTERFACE tdca box2d::box2d)
    target_sources(
        tdca_box2d INTERFACE FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include"
                             FILES ${box2d_headers})
else()
    message(STATUS "tdca::box2d is left out: it needs Box2D")
endif()

# Evolution on many machines.
if(MPI_CXX_FOUND)
    add_library(tdca_mpi INTERFACE)
    add_library(tdca::mpi ALIAS tdca_mpi)
    set_target_properties(tdca_mpi PROPERTIES EXPORT_NAME mpi)
    target_link_libraries(tdca_mpi INTERFACE tdca MPI::MPI_CXX)
    target_sources(
        tdca_mpi INTERFACE FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include"
                           FILES ${mpi_headers})
else()
    message(STATUS "tdca::mpi is left out: it needs MPI")
endif()
