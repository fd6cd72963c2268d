#!/usr/bin/env bash
# The long form of the tests of nothing being lost: hundreds of interruptions and of disk failures, and
# processes of an MPI job killed. Minutes. A number sets how many interruptions there are: faults.sh 500
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib/packages.sh
source scripts/lib/usage.sh

[[ "$*" =~ ^([1-9][0-9]{0,5})?$ ]] || usage
install_packages "${build_packages[@]}"
cmake --preset ci > /dev/null
cmake --build build/ci --target evolve_optimizer evolve_mpi fail_at count_bytes > /dev/null
program=build/ci/benchmarks/studies/evolve_optimizer
folder=build/ci/faults
interruptions=${1:-500}

echo "== interrupted at random moments"
tests/fault/interrupted_run.py "$program" $folder/run --interruptions "$interruptions"
echo "== the same, and checkpoints damaged"
tests/fault/interrupted_run.py "$program" $folder/run --interruptions $((interruptions / 2)) --damage --seed 2
echo "== each request to the disk fails, in five ways"
tests/fault/failing_disk.py "$program" build/ci/tests/fault/libfail_at.so $folder/run --generations 5 \
    --ways ENOSPC EIO EROFS half crash
echo "== full, read-only and forbidden"
tests/fault/real_disk.py "$program" $folder/disk || (($? == 77))
echo "== what must be refused"
tests/fault/refused.py "$program" examples/genomes/cart_pole.safetensors $folder/run
echo "== processes killed"
tests/mpi/processes.py mpirun build/ci/benchmarks/studies/mpi/evolve_mpi build/ci/tests/mpi/libcount_bytes.so \
    $folder/run --kills 20
