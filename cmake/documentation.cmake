# The target `docs`: the site with the reference in <build>/docs/html, where Doxygen is installed.

find_program(TDCA_DOXYGEN doxygen)
find_program(TDCA_PYTHON python3 HINTS /usr/bin)
if(TDCA_DOXYGEN AND TDCA_PYTHON)
    add_custom_target(
        docs
        COMMAND "${TDCA_PYTHON}" "${PROJECT_SOURCE_DIR}/docs/site/build.py"
                "${PROJECT_BINARY_DIR}/docs"
        COMMENT "Writing ${PROJECT_BINARY_DIR}/docs/html/index.html"
        VERBATIM USES_TERMINAL)
endif()
