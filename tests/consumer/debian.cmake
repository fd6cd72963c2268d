# Script: makes the Debian package, and installs it into a root of its own or removes it from there.
# That root knows as installed what this machine has of the packages that ours depends on.
# -Daction=install|remove -Dbuild_dir= -Dwork_dir= -Dversion=

set(root "${work_dir}/root")
set(dpkg dpkg "--root=${root}" --force-not-root "--log=${work_dir}/log")
if(action STREQUAL "install")
    file(REMOVE_RECURSE "${work_dir}")
    execute_process(
        COMMAND "${CMAKE_CPACK_COMMAND}" --config "${build_dir}/CPackConfig.cmake" -B
                "${work_dir}/package" COMMAND_ERROR_IS_FATAL ANY)
    set(package "${work_dir}/package/libtdca-dev_${version}_all.deb")
    foreach(expected IN ITEMS "Architecture: all" "Version: ${version}"
                              "Depends: libxtensor-dev, libxsimd-dev, librandom123-dev"
                              "Recommends: zlib1g-dev, nlohmann-json3-dev"
                              "Suggests: libcsv-dev, libbox2d-dev, libopenmpi-dev")
        string(REGEX REPLACE ":.*" "" field "${expected}")
        execute_process(
            COMMAND dpkg-deb --field "${package}" ${field}
            OUTPUT_VARIABLE found
            OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
        if(NOT "${field}: ${found}" STREQUAL expected)
            message(FATAL_ERROR "expected '${expected}', found '${found}'")
        endif()
    endforeach()
    file(MAKE_DIRECTORY "${root}/var/lib/dpkg/info" "${root}/var/lib/dpkg/updates")
    execute_process(COMMAND dpkg-query --status libxtensor-dev libxsimd-dev librandom123-dev
                    OUTPUT_FILE "${root}/var/lib/dpkg/status" COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND ${dpkg} --install "${package}" COMMAND_ERROR_IS_FATAL ANY)
    foreach(file IN ITEMS include/tdca/tdca.hpp share/doc/libtdca-dev/copyright
                          share/doc/libtdca-dev/README.md share/doc/libtdca-dev/changelog.gz)
        if(NOT EXISTS "${root}/usr/${file}")
            message(FATAL_ERROR "the package has no /usr/${file}")
        endif()
    endforeach()
else()
    execute_process(COMMAND ${dpkg} --remove libtdca-dev COMMAND_ERROR_IS_FATAL ANY)
    file(GLOB_RECURSE left LIST_DIRECTORIES true "${root}/usr/*")
    if(left)
        message(FATAL_ERROR "the package left behind: ${left}")
    endif()
endif()
