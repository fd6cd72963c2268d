#!/usr/bin/env bash
# Everything about the sources that a compiler or a linter can say: format, include ranks, builds
# without a warning by g++ and by clang++ (each header alone too), clang-tidy.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib/packages.sh

install_packages "${build_packages[@]}" "${check_packages[@]}"
mapfile -t sources < <(find include examples benchmarks tests cmake -name '*.hpp' -o -name '*.cpp')

echo "== clang-format"
clang-format-16 --dry-run --Werror "${sources[@]}"

echo "== include ranks"
python3 tests/architecture/include_ranks.py include/tdca

for compiler in ci clang; do
    echo "== warnings: preset $compiler"
    cmake --preset "$compiler" >/dev/null
    cmake --build --preset "$compiler"
done

echo "== clang-tidy"
scripts/lib/tidy.sh build/clang
