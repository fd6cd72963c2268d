# Targets for our own programs and tests. None of them is exported or installed.

# Warnings are errors here, and only where they are asked to be: another compiler, or this one at
# another level of optimisation, may know warnings that ours do not.
include(CheckCXXCompilerFlag)
add_library(tdca_development INTERFACE)
target_compile_options(
    tdca_development INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                               $<$<BOOL:${TDCA_WARNINGS_ARE_ERRORS}>:-Werror>)
# g++ 12 takes the deliberately undefined operand of its own AVX-512 intrinsics for ours (GCC
# PR 105593, mended in 13), and at -O3 a literal before a text for one that overlaps it (PR 105329).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(tdca_development INTERFACE -Wno-uninitialized -Wno-maybe-uninitialized
                                                      -Wno-restrict)
endif()
if(TDCA_NATIVE)
    check_cxx_compiler_flag(-march=native TDCA_HAS_MARCH_NATIVE)
    if(TDCA_HAS_MARCH_NATIVE)
        set(native_flag -march=native)
        # A target with the property TDCA_ARCHITECTURE chooses for itself.
        target_compile_options(
            tdca_development
            INTERFACE $<IF:$<BOOL:$<TARGET_PROPERTY:TDCA_ARCHITECTURE>>,$<TARGET_PROPERTY:TDCA_ARCHITECTURE>,${native_flag}>)
    endif()
endif()

# Who built what: commit, compiler, flags, for the JSON of the programs. The commit is read at
# every build and stands in one small source file, so that a new commit recompiles nothing else.
get_target_property(options tdca_development INTERFACE_COMPILE_OPTIONS)
list(FILTER options EXCLUDE REGEX "^(-W|\\$)")
list(APPEND options ${native_flag})
string(TOUPPER "${CMAKE_BUILD_TYPE}" configuration)
string(JOIN " " flags ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${configuration}} ${options})
if(TDCA_USE_OPENMP AND tdca_OpenMP_target)
    string(JOIN " " flags ${flags} ${OpenMP_CXX_FLAGS})
endif()
set(build_info_source "${PROJECT_BINARY_DIR}/generated/tdca_build_info.cpp")
add_custom_target(
    tdca_build_info_source
    COMMAND
        "${CMAKE_COMMAND}" "-Dsource_dir=${PROJECT_SOURCE_DIR}" "-Doutput=${build_info_source}"
        "-Dcompiler=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}" "-Dflags=${flags}"
        "-Dbuild_type=${CMAKE_BUILD_TYPE}" -P
        "${PROJECT_SOURCE_DIR}/cmake/build_info/write_build_info.cmake"
    BYPRODUCTS "${build_info_source}"
    COMMENT "Reading the git commit"
    VERBATIM)
add_library(tdca_build_info STATIC "${build_info_source}")
add_dependencies(tdca_build_info tdca_build_info_source)
target_compile_features(tdca_build_info PUBLIC cxx_std_20)
target_include_directories(tdca_build_info PUBLIC "${PROJECT_SOURCE_DIR}/cmake/build_info")
target_link_libraries(tdca_build_info PRIVATE tdca_development)

# The thing to beat: #include "baseline/NAME.hpp". Eigen differentiates for it.
tdca_find(Eigen3 REQUIRED)
add_library(tdca_baseline INTERFACE)
target_include_directories(tdca_baseline INTERFACE "${PROJECT_SOURCE_DIR}/benchmarks")
target_link_libraries(tdca_baseline INTERFACE tdca::tdca Eigen3::Eigen)

# What every program has (options, JSON, pictures): #include "support/NAME.hpp" of examples/. Examples
# see nothing else of ours.
tdca_find(CLI11 REQUIRED)
tdca_find(libcsv REQUIRED)
find_package(Boost REQUIRED COMPONENTS iostreams system filesystem)
find_path(GNUPLOT_IOSTREAM_INCLUDE_DIR gnuplot-iostream.h REQUIRED)
mark_as_advanced(GNUPLOT_IOSTREAM_INCLUDE_DIR)
add_library(tdca_support STATIC "${PROJECT_SOURCE_DIR}/examples/support/command_line.cpp"
                                "${PROJECT_SOURCE_DIR}/examples/support/program.cpp")
target_include_directories(tdca_support PUBLIC "${PROJECT_SOURCE_DIR}/examples")
target_include_directories(tdca_support SYSTEM PUBLIC "${GNUPLOT_IOSTREAM_INCLUDE_DIR}")
target_link_libraries(tdca_support PRIVATE tdca_development)
target_link_libraries(
    tdca_support
    PUBLIC tdca::io tdca_build_info Boost::iostreams Boost::system Boost::filesystem
    PRIVATE CLI11::CLI11)

# What comparisons share besides (data sets, designs, statistics, tables): #include "support/NAME.hpp"
# of benchmarks/.
add_library(tdca_comparison STATIC "${PROJECT_SOURCE_DIR}/benchmarks/support/datasets.cpp"
                                   "${PROJECT_SOURCE_DIR}/benchmarks/support/statistics.cpp"
                                   "${PROJECT_SOURCE_DIR}/benchmarks/support/table_suite.cpp")
target_link_libraries(tdca_comparison PUBLIC tdca_support tdca_baseline tdca::tables
                                      PRIVATE tdca_development)
if(TARGET tdca_box2d) # then programs know LunarLander
    target_link_libraries(tdca_comparison PUBLIC tdca::box2d)
    target_compile_definitions(tdca_comparison PUBLIC TDCA_HAS_BOX2D)
endif()

# Makes every FOLDER/*.cpp a program of its stem, and runs its --quick form as the test
# KIND.<stem>.quick in a folder of its own. More libraries to link may follow KIND.
function(tdca_add_programs kind)
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
    foreach(source IN LISTS sources)
        cmake_path(GET source STEM program)
        add_executable(${program} "${source}")
        target_link_libraries(
            ${program} PRIVATE tdca::tdca tdca::io tdca_support tdca_development ${ARGN})
        set(folder "${CMAKE_CURRENT_BINARY_DIR}/quick/${program}")
        file(MAKE_DIRECTORY "${folder}")
        add_test(NAME ${kind}.${program}.quick COMMAND ${program} --quick
                 WORKING_DIRECTORY "${folder}")
        set_tests_properties(${kind}.${program}.quick PROPERTIES TIMEOUT 300 PROCESSORS 2)
    endforeach()
endfunction()
