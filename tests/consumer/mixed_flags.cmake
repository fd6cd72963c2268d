# Script: units of one program with flags of their own do not get into each other's code. Each learns
# the same bits in a program of its own and beside the others, in whatever order they are linked.
# -Dsource_dir= -Dwork_dir= -Dcompiler=
cmake_policy(VERSION 3.24)

set(folder "${source_dir}/tests/consumer/mixed_flags")
file(REMOVE_RECURSE "${work_dir}")
file(MAKE_DIRECTORY "${work_dir}")

set(flags_sse2 -march=x86-64)
set(flags_avx2 -march=x86-64-v3 -fopenmp)
set(flags_avx512 -march=x86-64-v4)
set(units sse2 avx2)
file(STRINGS /proc/cpuinfo features REGEX "^flags" LIMIT_COUNT 1)
if(features MATCHES " avx512bw ")
    list(APPEND units avx512)
endif()

# The lines that a program of these units prints.
function(program_of out)
    list(TRANSFORM ARGN REPLACE "(.+)" "CALL(\\1)" OUTPUT_VARIABLE calls)
    list(JOIN calls " " calls)
    list(TRANSFORM ARGN REPLACE "(.+)" "${work_dir}/\\1.o" OUTPUT_VARIABLE objects)
    execute_process(
        COMMAND "${compiler}" -std=c++20 "-DUNITS=${calls}" "${folder}/main.cpp" ${objects} -fopenmp
                -o "${work_dir}/program" COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND "${work_dir}/program" OUTPUT_VARIABLE lines COMMAND_ERROR_IS_FATAL ANY)
    set(${out} "${lines}" PARENT_SCOPE)
endfunction()

set(alone "")
foreach(unit IN LISTS units)
    execute_process(
        COMMAND "${compiler}" -std=c++20 -O1 ${flags_${unit}} "-DUNIT=${unit}"
                "-I${source_dir}/include" -c "${folder}/unit.cpp" -o "${work_dir}/${unit}.o"
                COMMAND_ERROR_IS_FATAL ANY)
    program_of(lines ${unit})
    string(APPEND alone "${lines}")
endforeach()
string(REGEX MATCH "sse2 ([^\n]+)\navx2 ([^\n]+)\n" pair "${alone}")
if(CMAKE_MATCH_1 STREQUAL CMAKE_MATCH_2)
    message(FATAL_ERROR "the units do not differ, so that nothing is tested:\n${alone}")
endif()

program_of(together ${units})
list(REVERSE units)
program_of(reversed ${units})
foreach(lines IN ITEMS "${together}" "${reversed}")
    # The same lines, in another order at most.
    string(REPLACE "\n" ";" found "${lines}")
    string(REPLACE "\n" ";" wanted "${alone}")
    list(SORT found)
    list(SORT wanted)
    if(NOT found STREQUAL wanted)
        message(FATAL_ERROR "alone:\n${alone}together:\n${lines}")
    endif()
endforeach()
message(STATUS "the same bits alone and together:\n${together}")
