#!/usr/bin/env bash
# Trains on the UCI digits as a machine without an operating system would, here and under qemu, and
# measures code, memory and accuracy beside backpropagation's: docs/small_machines.md. --quick takes
# fewer seeds; --json FILE keeps all figures.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib/packages.sh

install_packages "${build_packages[@]}" "${data_packages[@]}" "${cross_packages[@]}" \
    "${cross64_packages[@]}" "${bare_packages[@]}"
cmake --preset release >/dev/null
cmake --build --preset release --target write_arrays
python3 benchmarks/small/small_machines.py --writer build/release/examples/small/write_arrays \
    --work build/small_machines "$@"
