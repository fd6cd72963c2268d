# Script: checks that a snippet fails to compile and says the sentence that it should, or that
# controls compile. -Dcompiler= -Dsnippet= -Dsource_dir= -Dcontrol=
#
# A snippet names what it expects, in one comment or more, and has a control that compiles:
#
#     // expect: a fragment of the compiler's output, as it stands there
#     // not: a fragment that must not stand there, since it blames what is right
#     #ifdef TDCA_CONTROL
#     the code, right
#     #else
#     the same code with the one mistake
#     #endif
#
# Source excerpts are switched off in the output, so that a sentence counts only when the compiler
# says it, and not because it quotes the line that holds it.

set(command "${compiler}" -std=c++20 -fsyntax-only -fno-diagnostics-color
            "-I${source_dir}/include" "${snippet}")
if(compiler MATCHES "clang")
    list(APPEND command -fno-caret-diagnostics -ferror-limit=0)
else()
    list(APPEND command -fno-diagnostics-show-caret)
endif()
if(control)
    execute_process(COMMAND ${command} -DTDCA_CONTROL COMMAND_ERROR_IS_FATAL ANY)
    return()
endif()
set(ENV{LC_ALL} C.UTF-8)

file(STRINGS "${snippet}" expectations REGEX "^// expect: " ENCODING UTF-8)
list(TRANSFORM expectations REPLACE "^// expect: " "")
if(NOT expectations)
    message(FATAL_ERROR "No line starts with '// expect: '.")
endif()

# message(FATAL_ERROR) would break the lines of the compiler's output; a plain message does not.
function(fail reason)
    message("${output}")
    message(FATAL_ERROR "${reason}")
endfunction()

execute_process(
    COMMAND ${command}
    RESULT_VARIABLE failed
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output)
if(NOT failed)
    fail("It compiles, but should not.")
endif()
foreach(sentence IN LISTS expectations)
    string(FIND "${output}" "${sentence}" position)
    if(position EQUAL -1)
        fail("It fails, but does not say: ${sentence}")
    endif()
endforeach()
file(STRINGS "${snippet}" accusations REGEX "^// not: " ENCODING UTF-8)
list(TRANSFORM accusations REPLACE "^// not: " "")
foreach(sentence IN LISTS accusations)
    string(FIND "${output}" "${sentence}" position)
    if(NOT position EQUAL -1)
        fail("It fails, but says besides: ${sentence}")
    endif()
endforeach()
