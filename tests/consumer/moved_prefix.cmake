# Installs the build at one place and moves it to another, spaces and all: `prefix` is where it is.
# Needs build_dir and work_dir; does nothing where there is a prefix.

if(NOT prefix)
    execute_process(COMMAND "${CMAKE_COMMAND}" --install "${build_dir}" --prefix
                            "${work_dir}/first prefix" OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
    set(prefix "${work_dir}/a prefix with spaces")
    file(RENAME "${work_dir}/first prefix" "${prefix}")
endif()
