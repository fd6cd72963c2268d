#!/usr/bin/env bash
# Everything about the sources that a compiler or a linter can say: format, include ranks, builds
# without a warning by g++ and by clang++ (each header alone too), clang-tidy. Runs all, then fails.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib/packages.sh
source scripts/lib/usage.sh

(($# == 0)) || usage
install_packages "${build_packages[@]}" "${check_packages[@]}"

failed=()
step() {
    echo "== $1"
    "${@:2}" || failed+=("$1")
}
build() {
    cmake --preset "$1" >/dev/null && cmake --build --preset "$1" -- -k 0
}

# Headers in tests/reference/ are tables that scripts wrote.
mapfile -t sources < <(find include examples benchmarks tests cmake docs packaging/python -name '*.[ch]pp' \
    -not -path 'tests/reference/*.hpp')
step "clang-format" clang-format-16 --dry-run --Werror "${sources[@]}"
step "include ranks" python3 tests/architecture/include_ranks.py include/tdca
step "g++" build ci
step "clang++" build clang
step "clang-tidy" scripts/lib/tidy.sh build/clang

if ((${#failed[@]})); then
    printf 'FAILED: %s\n' "${failed[@]}"
    exit 1
fi
echo "All checks passed"
