#!/usr/bin/env bash
# Installs what is missing, builds everything and runs all tests. Arguments go to ctest.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib/packages.sh

install_packages "${build_packages[@]}" "${data_packages[@]}" "${test_packages[@]}" \
    "${docs_packages[@]}" "${browser_packages[@]}" "${cross_packages[@]}"
cmake --preset ci
cmake --build --preset ci
ctest --preset ci --output-on-failure -j2 "$@"
