# Script: writes tdca_build_info.cpp, and touches it only when something in it changed.
# -Dsource_dir= -Doutput= -Dcompiler= -Dflags= -Dbuild_type=

set(commit "unknown")
find_program(GIT git)
if(GIT)
    execute_process(
        COMMAND "${GIT}" -C "${source_dir}" describe --always --dirty --abbrev=40 --exclude=*
        RESULT_VARIABLE failed
        OUTPUT_VARIABLE described
        OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(NOT failed)
        set(commit "${described}")
    endif()
endif()
configure_file("${CMAKE_CURRENT_LIST_DIR}/tdca_build_info.cpp.in" "${output}" @ONLY)
