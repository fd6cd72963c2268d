# Script: builds and runs a consumer project, and checks that it inherits no compile flag, and reads that it
# asks for no optimisation.
# -Dway= -Dsource_dir= -Dbuild_dir= -Dwork_dir= -Dgenerator= -Dcompiler= -Dversion= -Dtables= -Dbox2d=
# -Dmpi=
# and -Dprefix= where the library is installed already.

unset(ENV{CXXFLAGS})
cmake_path(GET compiler FILENAME compiler_name)
string(APPEND work_dir "/${compiler_name}")
file(REMOVE_RECURSE "${work_dir}")
set(consumer_options "-DTDCA_SOURCE_DIR=${source_dir}")
if(way STREQUAL "find_package")
    include("${CMAKE_CURRENT_LIST_DIR}/moved_prefix.cmake")
    set(consumer_options "-DCMAKE_PREFIX_PATH=${prefix}" "-DTDCA_VERSION=${version}"
                         "-DTDCA_TABLES=${tables}" "-DTDCA_BOX2D=${box2d}" "-DTDCA_MPI=${mpi}")
elseif(way STREQUAL "fetch_content")
    # A repository of the working tree as it stands, committed or not.
    set(repository "${work_dir}/repository")
    foreach(part IN ITEMS CMakeLists.txt LICENSE cmake include examples/genomes)
        cmake_path(GET part PARENT_PATH folder)
        file(COPY "${source_dir}/${part}" DESTINATION "${repository}/${folder}")
    endforeach()
    foreach(arguments IN ITEMS "init --quiet --initial-branch=main" "add --all"
                               "commit --quiet --message=.")
        separate_arguments(arguments UNIX_COMMAND "${arguments}")
        execute_process(COMMAND git -c user.name=test -c user.email=test -c commit.gpgsign=false ${arguments}
                        WORKING_DIRECTORY "${repository}" COMMAND_ERROR_IS_FATAL ANY)
    endforeach()
    set(consumer_options "-DTDCA_REPOSITORY=file://${repository}")
endif()

execute_process(
    COMMAND
        "${CMAKE_COMMAND}" -S "${source_dir}/tests/consumer/${way}" -B "${work_dir}/build" -G
        "${generator}" "-DCMAKE_CXX_COMPILER=${compiler}" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
        ${consumer_options}
    ERROR_VARIABLE said ECHO_ERROR_VARIABLE COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "CMAKE_BUILD_TYPE is not set" warnings "${said}")
list(LENGTH warnings count)
if(NOT count EQUAL 1)
    message(FATAL_ERROR "a project without CMAKE_BUILD_TYPE is warned ${count} times, not once")
endif()
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${work_dir}/build" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ctest --output-on-failure --no-tests=error
                WORKING_DIRECTORY "${work_dir}/build" COMMAND_ERROR_IS_FATAL ANY)

# Allowed: the compiler, the standard, includes, input and output, and OpenMP's own flag.
file(READ "${work_dir}/build/compile_commands.json" database)
string(JSON command GET "${database}" 0 command)
separate_arguments(arguments UNIX_COMMAND "${command}")
list(POP_FRONT arguments)
list(FILTER arguments EXCLUDE REGEX
     "^(-std=(c|gnu)\\+\\+20|-I.+|-isystem|-o|-c|-fopenmp(=libomp)?|/.*|CMakeFiles/.*)$")
if(arguments)
    message(FATAL_ERROR "the consumer inherits flags: ${arguments}")
endif()
