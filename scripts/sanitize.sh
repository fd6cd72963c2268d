#!/usr/bin/env bash
# sanitize.sh asan|tsan: builds the test programs with sanitizers, by clang++, and runs them: addresses, leaks and
# undefined behaviour, or threads. Half an hour of one core each. docs/testing.md has the details.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib/packages.sh
source scripts/lib/tests.sh
source scripts/lib/usage.sh

[[ "$*" =~ ^(asan|tsan)$ ]] || usage
install_packages "${build_packages[@]}" "${check_packages[@]}"
cmake --preset "$1" >/dev/null
mapfile -t programs < <(test_programs "$1")
cmake --build --preset "$1" --target "${programs[@]}"
ctest --preset "$1" -R "$test_programs_pattern"
