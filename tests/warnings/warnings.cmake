# Script: a consumer's own warnings say nothing of our headers, included as headers of the project are.
# What the sources themselves are warned of is not asked.
# -Dsource_dir= -Dinclude_dirs= -Dcompiler=

set(flags -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
          -Wdouble-promotion -Wfloat-conversion -Wnull-dereference -Wcast-align -Wcast-qual
          -Wextra-semi -Wformat=2 -Wnon-virtual-dtor -Woverloaded-virtual -Wundef -Wunused)
if(compiler MATCHES "g\\+\\+$" AND NOT compiler MATCHES "clang")
    list(APPEND flags -Wuseless-cast -Wduplicated-branches -Wduplicated-cond -Wlogical-op)
endif()
string(REPLACE ":" ";" include_dirs "${include_dirs}")
set(includes "-I${source_dir}/include")
foreach(folder IN LISTS include_dirs)
    if(NOT folder MATCHES "^/usr/include/?$" AND NOT folder STREQUAL "${source_dir}/include")
        list(APPEND includes -isystem "${folder}")
    endif()
endforeach()

# check_warnings(SOURCE FLAG...)
function(check_warnings source)
    execute_process(
        COMMAND "${compiler}" -std=c++20 ${flags} ${ARGN} -march=native ${includes}
                "${source_dir}/${source}"
        RESULT_VARIABLE failed
        ERROR_VARIABLE said)
    # -Wrestrict points into the standard library, whoever is at fault.
    string(REGEX MATCHALL "[^\n]*(include/tdca/[^\n]*warning:|warning:[^\n]*-Wrestrict)[^\n]*" found
                 "${said}")
    if(failed OR found)
        list(JOIN found "\n" found)
        if(failed)
            set(found "${said}")
        endif()
        message(FATAL_ERROR "${source}:\n${found}")
    endif()
endfunction()
check_warnings(tests/warnings/headers.cpp -fsyntax-only)
# Tasks, strategies and what drives them; layers of every kind, in both precisions.
check_warnings(tests/bits/digests.cpp -fsyntax-only)
check_warnings(tests/reference/layers.cpp -fsyntax-only)
# What only the optimiser sees.
check_warnings(tests/consumer/main.cpp -O2 -c -o /dev/null)
check_warnings(tests/consumer/table.cpp -O3 -c -o /dev/null)
check_warnings(examples/support/table_report.cpp -I${source_dir}/examples -O3 -c -o /dev/null)
