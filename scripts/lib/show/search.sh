# Search judged by functions that are not ours, and what people's problems have. docs/results/search.md.

# judged POINT NAME ARGUMENT...: the study, into NAME.json.
judged() { run build/release/benchmarks/studies/search "${quick[@]}" --json "$output/$1.json" "${@:2}"; }
point() { run scripts/lib/search_point.py "$@"; }

# suites NAME EVALUATIONS ARGUMENT...: both suites in all dimensions, evaluations a dimension.
suites() { judged "$1" --dimensions 2 10 30 50 --per-dimension "$2" "${@:3}"; }

search_a() {
    may_use minimizer
    build search
    suites per_dimension_100 100 --tune
    point a "$output/per_dimension_100.json"
}

search_b() {
    may_use minimizer
    build search
    suites per_dimension_1000 1000
    judged per_dimension_10000 --dimensions 10 --per-dimension 10000 --runs 15
    point b "$output/per_dimension_1000.json" "$output/per_dimension_10000.json"
}

search_c() {
    may_use minimizer
    build search
    suites per_dimension_10 10
    suites per_dimension_20 20
    point c "$output/per_dimension_10.json" "$output/per_dimension_20.json"
}

search_d() {
    may_use minimizer
    build search
    judged smooth --suites smooth --dimensions 10 --per-dimension 2000 --no-error 1e-12 \
        --methods tdca CMA-ES IPOP-CMA-ES
    point d "$output/smooth.json"
}

search_e() {
    local noise
    may_use minimizer
    build search
    for noise in multiplicative additive; do
        judged $noise --noise $noise --dimensions 10 30 --per-dimension 100 --runs 15 \
            --methods tdca CMA-ES "CMA-ES, 3 times each" "CMA-ES, 10 times each"
    done
    point e "$output/multiplicative.json" "$output/additive.json"
}

search_f() {
    may_use minimizer table
    run scripts/data.sh tables
    run_study search_problems "${quick[@]}" --json "$output/problems.json"
    point f "$output/problems.json"
}

search_g() {
    run_tests '^(unit\.optimization|programs\.command)' \
        "workers of unequal speed, failing commands, runs that are killed" test_unit_optimization minimize_command
}

search_h() {
    may_use minimizer
    benchmark search_scale --cost-alone --json "$output/cost.json"
}

search_i() {
    local code=0
    may_use minimizer
    build search test_unit_optimization
    run build/release/tests/test_unit_optimization "Strictly increasing*,A search sees no more*" || code=1
    for evaluations in 100 1000; do
        judged five_atoms_$evaluations --suites lennard_jones --numbers 5 --dimensions 9 \
            --per-dimension $evaluations --no-error 1e-5
        judged eight_atoms_$evaluations --suites lennard_jones --numbers 8 --dimensions 18 \
            --per-dimension $evaluations --no-error 1e-5
    done
    point i "$output"/{five,eight}_atoms_{100,1000}.json || code=1
    exit $code
}

# The genomes of three evolutions on landscapes of our own, other tasks than those of docs/results/optimization.md.
search_j() {
    local k shipped_as
    shipped_as=$(readlink "$genomes/optimizer.safetensors")
    ((!full)) || evolved optimizer
    build optimization
    for k in 1 2 3; do
        run build/release/benchmarks/studies/optimization --own-only --seed 99 --dimensions 2 5 10 20 40 \
            --evaluations 400 800 5000 --tasks 25 --genome "$genomes/optimizer_$k.safetensors" \
            --output "$output" --json "$output/chosen_$k.json" >"$(kept chosen_$k.log)"
    done
    run scripts/lib/search_point.py chosen "$shipped_as" "$output"/chosen_{1,2,3}.json
}
