#!/usr/bin/env bash
# Memcheck over the hot path, serial: updates of classifiers, of cohorts and of policies, searches, evolutions of
# each, and the updates that scripts/instructions.sh counts. Exits 1 at a read of what was never written, an access
# out of bounds, or a leak. Some two minutes of one core.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib/packages.sh
source scripts/lib/usage.sh

(($# == 0)) || usage
install_packages g++ valgrind libxtensor-dev libxsimd-dev librandom123-dev

# valgrind knows no AVX-512.
flags=(-std=c++20 -O1 -g -march=x86-64-v3 -Iinclude -Itests -Iexamples -Ibenchmarks)
output=build/valgrind
mkdir -p "$output"
g++ "${flags[@]}" -o "$output/digests" tests/bits/digests.cpp
g++ "${flags[@]}" -o "$output/one_update" benchmarks/instructions/one_update.cpp

# check PROGRAM ARGUMENT...
check() {
    echo "memcheck $*"
    valgrind --quiet --error-exitcode=1 --leak-check=full --show-leak-kinds=all \
        --errors-for-leak-kinds=all "$output/$1" "${@:2}" >/dev/null
}
check one_update 784-64-10-adam 3
check one_update 784-256-10-plain 3
check one_update attention-28-rows-adam 3
check digests 1 1
echo "memcheck found nothing"
