# Script that CPack runs before it packs: Debian's documents of the package, where Debian has them.

set(documents
    "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/doc/${CPACK_DEBIAN_PACKAGE_NAME}")
file(MAKE_DIRECTORY "${documents}")
file(COPY_FILE "${CPACK_TDCA_SOURCE_DIR}/README.md" "${documents}/README.md")
file(COPY_FILE "${CPACK_TDCA_SOURCE_DIR}/LICENSE" "${documents}/copyright")
execute_process(COMMAND gzip -9nc "${CPACK_TDCA_SOURCE_DIR}/CHANGELOG.md"
                OUTPUT_FILE "${documents}/changelog.gz" COMMAND_ERROR_IS_FATAL ANY)
file(CHMOD_RECURSE "${documents}"
     FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ
     DIRECTORY_PERMISSIONS ${CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS})
