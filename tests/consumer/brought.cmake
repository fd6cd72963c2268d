# Targets of all dependencies, by the names that each project gives its own, as a tree of submodules
# has them; their headers are the system's. No package of them can be found from here on.

foreach(package IN ITEMS xtensor xsimd Random123 OpenMP ZLIB nlohmann_json box2d MPI)
    set(CMAKE_DISABLE_FIND_PACKAGE_${package} TRUE)
endforeach()
foreach(target IN ITEMS xtensor xsimd Random123 openmp zlib nlohmann_json)
    add_library(${target} INTERFACE)
endforeach()
target_link_libraries(zlib INTERFACE z)
add_library(OpenMP::OpenMP_CXX ALIAS openmp)
add_library(ZLIB::ZLIB ALIAS zlib)
add_library(nlohmann_json::nlohmann_json ALIAS nlohmann_json)
