# What updates and generations cost, beside other libraries: docs/performance.md.

# bench PROGRAM [TARGET...]: builds these and runs the first; its last line is the figure.
bench() {
    may_use peer
    build "$@"
    run "build/release/benchmarks/$1" --json "$output/$1.json"
}

speed_a() { bench kernels; }

speed_b() {
    # Not a target where libtorch is missing; the benchmark then says so.
    local libtorch=()
    may_use peer
    [[ -e /usr/include/torch/csrc/api/include/torch/torch.h ]] && libtorch=(peer_libtorch_update)
    bench update_step "${libtorch[@]}"
}

speed_c() { bench evolution; }

speed_d() {
    local code=0
    bench scaling || code=1
    bench diffusion || code=1
    last_line $code "d: both of the above"
}

speed_e() {
    needs build
    run benchmarks/compile_time.py --json "$output/compile_time.json"
}

speed_f() {
    local code=0
    run scripts/instructions.sh || code=1
    last_line $code "f: no network needs over 0.5 % more instructions an update than the baseline"
}
