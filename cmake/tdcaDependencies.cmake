# What the library's targets link, for its build and for the installed package alike. A project that
# has brought a dependency itself, in whatever way, is not asked for its package: targets come first.

# Names of targets, the first that there is wins; and what find_package needs besides the name.
set(tdca_xtensor_targets xtensor xtensor::xtensor)
set(tdca_xsimd_targets xsimd xsimd::xsimd)
set(tdca_Random123_targets Random123::Random123 Random123)
set(tdca_Random123_arguments MODULE)
set(tdca_OpenMP_targets OpenMP::OpenMP_CXX)
set(tdca_OpenMP_arguments COMPONENTS CXX)
set(tdca_ZLIB_targets ZLIB::ZLIB ZLIB::ZLIBSTATIC)
set(tdca_nlohmann_json_targets nlohmann_json::nlohmann_json nlohmann_json)
set(tdca_libcsv_targets libcsv::libcsv)
set(tdca_libcsv_arguments MODULE)
set(tdca_box2d_targets box2d::box2d box2d)
set(tdca_box2d_arguments CONFIG)
set(tdca_MPI_targets MPI::MPI_CXX)
set(tdca_MPI_arguments COMPONENTS CXX)
# Those of our own programs and tests.
set(tdca_Eigen3_targets Eigen3::Eigen)
set(tdca_Eigen3_arguments 3.3 NO_MODULE)
set(tdca_CLI11_targets CLI11::CLI11)
set(tdca_benchmark_targets benchmark::benchmark)

# Warns, once, a project that asks for no optimisation: its networks would learn a hundred times more slowly.
function(tdca_ask_for_build_type)
    get_property(asked GLOBAL PROPERTY tdca_asked_for_build_type)
    if(asked OR CMAKE_BUILD_TYPE OR CMAKE_CONFIGURATION_TYPES OR CMAKE_CXX_FLAGS MATCHES "-O")
        return()
    endif()
    set_property(GLOBAL PROPERTY tdca_asked_for_build_type TRUE)
    message(WARNING "tdca: CMAKE_BUILD_TYPE is not set, so that nothing is optimised and networks learn a "
                    "hundred times more slowly: cmake -DCMAKE_BUILD_TYPE=Release")
endfunction()

function(tdca_first_target out)
    foreach(target IN LISTS ARGN)
        if(TARGET ${target})
            set(${out} ${target} PARENT_SCOPE)
            return()
        endif()
    endforeach()
    set(${out} "" PARENT_SCOPE)
endfunction()

# tdca_find(NAME [REQUIRED | QUIET]): sets tdca_NAME_target to the dependency's target, or to nothing.
# Its package is looked for where no target of it is there.
macro(tdca_find name)
    tdca_first_target(tdca_${name}_target ${tdca_${name}_targets})
    if(NOT tdca_${name}_target)
        find_package(${name} ${tdca_${name}_arguments} ${ARGN})
        tdca_first_target(tdca_${name}_target ${tdca_${name}_targets})
    endif()
endmacro()
