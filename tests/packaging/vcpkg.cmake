# Script: runs vcpkg's recipe with stand-ins for vcpkg's functions, as their documentation has them,
# and finds what it installed.
# -Dcompiler= -Dsource_dir= -Dwork_dir= -Dgenerator=

cmake_minimum_required(VERSION 3.24)
file(REMOVE_RECURSE "${work_dir}")
file(STRINGS "${source_dir}/packaging/vcpkg/vcpkg.json" name REGEX "^  \"name\"")
string(REGEX REPLACE ".*: \"(.*)\",?" "\\1" PORT "${name}")
set(CURRENT_PACKAGES_DIR "${work_dir}/packages")
set(FEATURES core io)

# A feature that is wanted sets its variable to ON; an inverted one to OFF.
function(vcpkg_check_features)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "OUT_FEATURE_OPTIONS" "INVERTED_FEATURES")
    set(options "")
    while(arg_INVERTED_FEATURES)
        list(POP_FRONT arg_INVERTED_FEATURES feature variable)
        if(feature IN_LIST FEATURES)
            list(APPEND options "-D${variable}=OFF")
        else()
            list(APPEND options "-D${variable}=ON")
        endif()
    endwhile()
    set(${arg_OUT_FEATURE_OPTIONS} ${options} PARENT_SCOPE)
endfunction()

function(vcpkg_cmake_configure)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
    execute_process(
        COMMAND
            "${CMAKE_COMMAND}" -S "${arg_SOURCE_PATH}" -B "${work_dir}/build" -G "${generator}"
            "-DCMAKE_CXX_COMPILER=${compiler}" "-DCMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR}"
            ${arg_OPTIONS} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(vcpkg_cmake_install)
    execute_process(COMMAND "${CMAKE_COMMAND}" --install "${work_dir}/build" OUTPUT_QUIET
                            COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Moves the CMake package to share/PORT, and has its targets count folders up from there.
function(vcpkg_cmake_config_fixup)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "CONFIG_PATH" "")
    set(folder "${CURRENT_PACKAGES_DIR}/share/${PORT}")
    file(GLOB files "${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH}/*")
    file(COPY ${files} DESTINATION "${folder}")
    file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH}")
    set(up "get_filename_component(_IMPORT_PREFIX \"\${_IMPORT_PREFIX}\" PATH)\n")
    file(GLOB targets "${folder}/*Targets.cmake")
    foreach(file IN LISTS targets)
        file(READ "${file}" text)
        string(REPLACE "${up}${up}${up}" "${up}${up}" text "${text}")
        file(WRITE "${file}" "${text}")
    endforeach()
endfunction()

function(vcpkg_replace_string file old new)
    file(READ "${file}" text)
    string(FIND "${text}" "${old}" position)
    if(position EQUAL -1)
        message(FATAL_ERROR "${file} has no '${old}' to replace")
    endif()
    string(REPLACE "${old}" "${new}" text "${text}")
    file(WRITE "${file}" "${text}")
endfunction()

function(vcpkg_fixup_pkgconfig)
endfunction()

function(vcpkg_install_copyright)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
    file(INSTALL ${arg_FILE_LIST} DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}"
         RENAME copyright)
endfunction()

include("${source_dir}/packaging/vcpkg/portfile.cmake")

foreach(file IN ITEMS copyright usage)
    if(NOT EXISTS "${CURRENT_PACKAGES_DIR}/share/tdca/${file}")
        message(FATAL_ERROR "the port installs no share/tdca/${file}")
    endif()
endforeach()
execute_process(
    COMMAND
        "${CMAKE_COMMAND}" -S "${source_dir}/tests/packaging/find" -B "${work_dir}/find" -G
        "${generator}" "-DCMAKE_CXX_COMPILER=${compiler}" "-DCMAKE_PREFIX_PATH=${CURRENT_PACKAGES_DIR}"
        "-Dprefix=${CURRENT_PACKAGES_DIR}"
        COMMAND_ERROR_IS_FATAL ANY)
