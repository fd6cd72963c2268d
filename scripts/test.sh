#!/usr/bin/env bash
# test.sh [--all] [ARGUMENT...]: installs what is missing, builds and runs the tests: library, examples, documentation,
# consumers. With --all also studies and benchmarks, both compilers, each header alone, other instruction sets, fuzzing,
# packages, the Python module, the site, many processes and small machines. Other arguments go to ctest.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib/packages.sh
source scripts/lib/usage.sh

preset=test
case ${1:-} in
--all)
    preset=ci
    shift
    ;;
--help) usage ;;
esac
packages=("${build_packages[@]}" "${data_packages[@]}")
[[ $preset == test ]] ||
    packages+=("${test_packages[@]}" "${docs_packages[@]}" "${page_packages[@]}" "${browser_packages[@]}"
        "${cross_packages[@]}" "${python_packages[@]}")
install_packages "${packages[@]}"
cmake --preset $preset
cmake --build --preset $preset
ctest --preset $preset --output-on-failure -j2 "$@"
