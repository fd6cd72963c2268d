# The two-level framework: docs/results/framework.md.

# compare POINT: the main program on one of its points. With --full it evolves its genome.
compare() {
    local genome=(--genome "$shipped/fashion_mnist.safetensors") log code=0
    ((full)) && genome=()
    build framework
    log=$(kept log.txt)
    run build/release/benchmarks/studies/framework --output "$output" --points "$1" --check "${genome[@]}" 2>&1 | tee "$log" |
        { grep -Ev '^(holds|FAILS) ' || true; } || code=$?
    grep -E '^(holds|FAILS) ' "$log" || true
    exit "$code"
}

framework_a() { compare a; }
framework_b() { compare b; }
framework_c() { run_study diffusion_study --output "$output" --check; }
framework_d() { compare d; }
framework_e() { compare e; }

framework_f() {
    local start=$SECONDS default quick file code=0
    build framework
    run build/release/benchmarks/studies/framework --output "$output/default"
    default=$((SECONDS - start))
    start=$SECONDS
    run build/release/benchmarks/studies/framework --quick --output "$output/quick" >"$(kept quick.log)" 2>&1
    quick=$((SECONDS - start))
    for file in results.json learning_curves.png tdca.safetensors; do
        [[ -s $output/default/$file ]] || code=1
    done
    ((default < 300 && quick < 30)) || code=1
    last_line $code "f: the default demo took $default s (limit 300), --quick $quick s (limit 30)"
}

framework_g() { benchmark framework_speed --json "$output/speed.json"; }

# The genomes of five short runs: 1, 2 and 4 threads; and one stopped at half way and resumed.
framework_h() {
    local threads other code=0
    build framework
    short() { run build/release/benchmarks/studies/framework --quick --only-evolve "$@" >/dev/null 2>&1; }
    for threads in 1 2 4; do short --threads $threads --output "$output/threads_$threads"; done
    run rm -rf "$output/resumed"
    short --generations 2 --output "$output/resumed"
    short --resume --output "$output/resumed"
    for other in threads_2 threads_4 resumed; do
        run cmp "$output/threads_1/tdca.safetensors.checkpoint" "$output/$other/tdca.safetensors.checkpoint" || code=1
    done
    last_line $code "h: equal bits for 1, 2 and 4 threads and for stop-and-resume: $(
        ((code == 0)) && echo yes || echo no)"
}
