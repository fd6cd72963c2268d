# What users of the parent need: tdca, installed with it (TDCA_INSTALL=ON) or by itself.
include(CMakeFindDependencyMacro)
find_dependency(tdca COMPONENTS core io)
include("${CMAKE_CURRENT_LIST_DIR}/parentTargets.cmake")
