# The target `docs`: HTML by Doxygen in <build>/docs/html, where Doxygen is installed.

find_package(Doxygen QUIET)
if(DOXYGEN_FOUND)
    add_custom_target(
        docs
        COMMAND "${CMAKE_COMMAND}" -E env "TDCA_VERSION=${PROJECT_VERSION}"
                "TDCA_DOCS_DIR=${PROJECT_BINARY_DIR}/docs" "${DOXYGEN_EXECUTABLE}" docs/Doxyfile
        WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
        COMMENT "Writing ${PROJECT_BINARY_DIR}/docs/html/index.html"
        VERBATIM USES_TERMINAL)
endif()
