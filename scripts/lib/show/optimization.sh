# Minimising functions: docs/results/optimization.md.

# minimize FILE ARGUMENT...: the comparison, once it is built; its figures go to FILE.json.
minimize() { run build/release/benchmarks/studies/optimization --output "$output" --json "$output/$1.json" "${@:2}"; }
tables() { run scripts/lib/optimization_tables.py "$@"; }

optimization_a() {
    local genome=()
    may_use minimizer
    evolved optimizer
    build optimization
    [[ $genomes == "$shipped" ]] || genome=(--genome "$genomes/optimizer_1.safetensors")
    minimize results "${genome[@]}"
    tables --check "$output/results.json"
}

optimization_b() {
    local name genome reports=()
    may_use minimizer
    evolved known_{rastrigin,griewank,schwefel}
    build optimization
    for name in rastrigin ackley griewank schwefel; do
        genome=$genomes/known_${name}_1.safetensors
        # Ackley needs no genome of its own.
        [[ $name == ackley ]] && genome=$shipped/optimizer.safetensors
        minimize "known_$name" --setting known --dimensions 2 --evaluations 5000 --functions $name --tasks 1000 \
            --genome "$genome"
        reports+=("$output/known_$name.json")
    done
    tables --check-known "${reports[@]}"
}

optimization_c() { benchmark search_scale --json "$output/scale.json"; }

optimization_d() {
    local code=0
    build test_unit_optimization
    run build/release/tests/test_unit_optimization \
        "optimize survives*,optimize counts*,Values that are not finite*,An objective without*" || code=1
    last_line $code "d: objectives that throw, and values that are not finite, end with the best point and a message"
}

optimization_e() {
    local picture code=0
    run_study loss_landscape --output "$output"
    for picture in functions network; do [[ -s $output/$picture.png ]] || code=1; done
    last_line $code "e: the pictures are in $output; look at them"
}
