# Script: checks what a consumer reads who asks for a component that cannot be had.
# -Dsource_dir= -Dbuild_dir= -Dwork_dir= -Dgenerator= -Dcompiler=

file(REMOVE_RECURSE "${work_dir}")
include("${CMAKE_CURRENT_LIST_DIR}/moved_prefix.cmake")

# lacks(COMPONENT SENTENCE OPTION...): configures the consumer with OPTION, and expects SENTENCE.
function(lacks component sentence)
    execute_process(
        COMMAND
            "${CMAKE_COMMAND}" -S "${source_dir}/tests/consumer/lacks" -B "${work_dir}/build" -G
            "${generator}" "-DCMAKE_CXX_COMPILER=${compiler}" "-DCMAKE_PREFIX_PATH=${prefix}"
            -DCOMPONENT=${component} ${ARGN}
        RESULT_VARIABLE failed
        OUTPUT_QUIET
        ERROR_VARIABLE output)
    string(REGEX REPLACE "[ \n]+" " " said "${output}")
    string(FIND "${said}" "${sentence}" position)
    if(NOT failed OR position EQUAL -1)
        message("${output}")
        message(FATAL_ERROR "find_package does not say: ${sentence}")
    endif()
endfunction()
lacks(io "tdca::io needs zlib and nlohmann_json, but ZLIB was not found"
      -DCMAKE_DISABLE_FIND_PACKAGE_ZLIB=ON)
lacks(oi "tdca has no component 'oi'; there are core, io, tables, box2d and mpi")
file(REMOVE "${prefix}/share/cmake/tdca/tdcaBox2dTargets.cmake")
lacks(box2d "this tdca was installed without tdca::box2d")
