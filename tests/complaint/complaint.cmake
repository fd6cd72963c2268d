# Script: runs a program that must fail and say a sentence. -Dsentence= … -- PROGRAM ARGUMENT...

set(command "")
foreach(i RANGE 1 ${CMAKE_ARGC})
    if(started)
        list(APPEND command "${CMAKE_ARGV${i}}")
    elseif(CMAKE_ARGV${i} STREQUAL "--")
        set(started TRUE)
    endif()
endforeach()
execute_process(
    COMMAND ${command}
    RESULT_VARIABLE result
    OUTPUT_QUIET
    ERROR_VARIABLE said)
if(result EQUAL 0 OR NOT said MATCHES "${sentence}")
    message(FATAL_ERROR "exit code ${result}, not the sentence that was expected: ${said}")
endif()
