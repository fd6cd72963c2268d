# Script: compiles the consumer with a compiler alone, and runs it.
# -Dpkg_config= -Dsource_dir= -Dbuild_dir= -Dwork_dir= -Dcompiler= -Dflags=
# and -Dprefix= where the library is installed already.

cmake_path(GET compiler FILENAME compiler_name)
string(APPEND work_dir "/${compiler_name}")
file(REMOVE_RECURSE "${work_dir}")
file(MAKE_DIRECTORY "${work_dir}")
separate_arguments(arguments UNIX_COMMAND "${flags}")
if(pkg_config)
    include("${CMAKE_CURRENT_LIST_DIR}/moved_prefix.cmake")
    set(ENV{PKG_CONFIG_PATH} "${prefix}/share/pkgconfig")
    execute_process(COMMAND pkg-config --cflags --libs tdca-io OUTPUT_VARIABLE found
                    COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND pkg-config --variable=genomedir tdca OUTPUT_VARIABLE genomes
                    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    separate_arguments(genomes UNIX_COMMAND "${genomes}")
    if(NOT EXISTS "${genomes}/universal.safetensors")
        message(FATAL_ERROR "pkg-config says that genomes are in '${genomes}', which holds none")
    endif()
    separate_arguments(found UNIX_COMMAND "${found}")
    list(APPEND arguments ${found})
else()
    list(APPEND arguments "-I${source_dir}/include")
endif()
execute_process(
    COMMAND "${compiler}" "${source_dir}/tests/consumer/main.cpp" ${arguments} -o
            "${work_dir}/consumer" COMMAND_ERROR_IS_FATAL ANY)

file(STRINGS /proc/cpuinfo features REGEX "^flags" LIMIT_COUNT 1)
if(flags MATCHES "x86-64-v4" AND NOT features MATCHES " avx512bw ")
    message(STATUS "compiled, not run: this machine has no AVX-512")
    return()
endif()
execute_process(COMMAND "${work_dir}/consumer" COMMAND_ERROR_IS_FATAL ANY)
