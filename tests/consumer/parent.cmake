# Script: a parent that exports a library linking tdca is built and installed, and used from there.
# -Dbrings= whether parent and user bring targets of all dependencies, whose packages are then missing
# -Dinstall= whether tdca is installed with the parent (TDCA_INSTALL) or found where it is already
# -Dsource_dir= -Dbuild_dir= -Dwork_dir= -Dgenerator= -Dcompiler=

unset(ENV{CXXFLAGS})
cmake_path(GET compiler FILENAME compiler_name)
string(APPEND work_dir "/${compiler_name}")
file(REMOVE_RECURSE "${work_dir}")
set(parent "${work_dir}/parent prefix")
set(options -G "${generator}" "-DCMAKE_CXX_COMPILER=${compiler}" "-DBRINGS_DEPENDENCIES=${brings}")

function(make_project folder)
    execute_process(
        COMMAND "${CMAKE_COMMAND}" -S "${source_dir}/tests/consumer/${folder}" -B
                "${work_dir}/${folder}" ${options} ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND "${CMAKE_COMMAND}" --build "${work_dir}/${folder}"
                    COMMAND_ERROR_IS_FATAL ANY)
endfunction()

set(told "")
if(install)
    set(told -DTDCA_INSTALL=ON)
endif()
make_project(parent "-DTDCA_SOURCE_DIR=${source_dir}" ${told})
execute_process(COMMAND "${CMAKE_COMMAND}" --install "${work_dir}/parent" --prefix "${parent}"
                COMMAND_ERROR_IS_FATAL ANY)
set(ENV{CMAKE_PREFIX_PATH} "${parent}")
if(install)
    if(NOT EXISTS "${parent}/share/cmake/tdca/tdcaConfig.cmake")
        message(FATAL_ERROR "tdca was not installed with the parent")
    endif()
else()
    file(GLOB_RECURSE strays "${parent}/*tdca*")
    if(strays)
        message(FATAL_ERROR "the parent installs what nobody asked for: ${strays}")
    endif()
    unset(prefix)
    include("${CMAKE_CURRENT_LIST_DIR}/moved_prefix.cmake")
    set(ENV{CMAKE_PREFIX_PATH} "${parent}:${prefix}")
endif()
make_project(user)
execute_process(COMMAND ctest --output-on-failure --no-tests=error
                WORKING_DIRECTORY "${work_dir}/user" COMMAND_ERROR_IS_FATAL ANY)
