#!/usr/bin/env bash
# Which lines and branches of include/ the tests reach: builds them without optimisation (some twenty minutes of
# one core), runs them, and prints the share of each folder, the headers below the goals and what was not reached.
# Exits 1 below 95 % of the lines or 85 % of the branches. --report only prints what the last run reached.
# docs/testing.md says what counts.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib/packages.sh
source scripts/lib/tests.sh
source scripts/lib/usage.sh

[[ "$*" =~ ^(--report)?$ ]] || usage
install_packages "${build_packages[@]}"

build=build/coverage
if [[ ${1:-} != --report ]]; then
    cmake --preset coverage >/dev/null
    mapfile -t programs < <(test_programs coverage)
    cmake --build "$build" --target "${programs[@]}" evolve_mpi
    find "$build" -name '*.gcda' -delete
    ctest --test-dir "$build" -j2 --output-on-failure -R "$test_programs_pattern" -E '^bits$'
    # Without optimisation the tests bits and mpi.processes take too long: one seed, one generation.
    "$build/tests/bits/digests" 2 1 >/dev/null
    OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 \
        OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_mpi_yield_when_idle=1 \
        mpirun -np 2 "$build/benchmarks/studies/mpi/evolve_mpi" --quick --threads 1 --generations 1 \
        --output "$build/evolve_mpi.safetensors"
fi
exec scripts/lib/coverage.py "$build"
