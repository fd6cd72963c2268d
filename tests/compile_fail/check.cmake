# Script: checks that a snippet fails to compile and says the sentence that it should.
# -Dsnippet= -Dcompiler= -Dcompiler_id= -Dstandard= -Dinclude_dirs= -Dimplicit_dirs=
#
# A snippet names what it expects, in one comment or more, and has a control that compiles:
#
#     // expect: a fragment of the compiler's output, as it stands there
#     #ifdef TDCA_CONTROL
#     the code, right
#     #else
#     the same code with the one mistake
#     #endif
#
# Source excerpts are switched off in the output, so that a sentence counts only when the compiler
# says it, and not because it quotes the line that holds it.

set(command "${compiler}" ${standard} -fsyntax-only -fno-diagnostics-color)
if(compiler_id STREQUAL "GNU")
    list(APPEND command -fno-diagnostics-show-caret)
else()
    list(APPEND command -fno-caret-diagnostics)
endif()
list(REMOVE_ITEM include_dirs ${implicit_dirs})
list(TRANSFORM include_dirs PREPEND -I)
list(APPEND command ${include_dirs})
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
    COMMAND ${command} -DTDCA_CONTROL "${snippet}"
    RESULT_VARIABLE failed
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output)
if(failed)
    fail("The control, with TDCA_CONTROL defined, does not compile.")
endif()

execute_process(
    COMMAND ${command} "${snippet}"
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
