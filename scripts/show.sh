#!/usr/bin/env bash
# show.sh TOPIC POINT [--full]: reproduces one point of the results from the shipped genomes and real
# data. Prints the figures, then one line that says whether the point holds; exits 0 where it does and
# 1 where it does not. --full evolves again from the seeds. Topics so far: framework (points a to h),
# speed (a to f; as root it installs the libraries that it compares with), supervised (a to g; minutes to
# half an hour each, --quick shows in seconds that a point runs), optimization (a to e; as root it installs
# pagmo2 and NLopt), reinforcement (a to h; tuning the peers takes minutes; g informs, h is LunarLander), trust (1 to
# 8: the promises of docs/trust.md, by the tests that hold them; --full runs the long forms of 3, 4, 5 and 8: three
# parsers fuzzed for 30 minutes each, hundreds of faults, coverage, all that small machines are measured by),
# architectures (a to f, against the tuned figures of docs/results/architectures; --full tunes PyTorch again, for hours).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
source "$root/scripts/lib/packages.sh"

usage() {
    sed -n '2,10s/^# //p' "$0" >&2
    exit 2
}
[[ $# -ge 2 && "$1 $2" =~ ^(framework [a-h]|speed [a-f]|supervised [a-g]|optimization [a-e]|reinforcement [a-h]|trust [1-8]|architectures [a-f])$ ]] || usage
topic=$1
point=$2
full=no
[[ ${3:-} == --full ]] && full=yes

genomes=$root/examples/genomes
output=$root/build/show/${topic}_$point
mkdir -p "$output"

# build TARGET...: programs of the release build; the log is shown only where it fails.
build() {
    install_packages "${build_packages[@]}"
    if ! (cd "$root" && cmake --preset release && cmake --build --preset release --target "$@") \
        >"$output/build.log" 2>&1; then
        cat "$output/build.log"
        exit 2
    fi
}

# compare POINTS ARGUMENT...: the main program on some points; with --full it evolves its genome.
compare() {
    build fashion_mnist
    local genome=(--genome "$genomes/fashion_mnist.safetensors")
    [[ $full == yes ]] && genome=()
    "$root/build/release/examples/fashion_mnist" --output "$output" --points "$1" --check \
        "${genome[@]}" 2>&1 | tee "$output/log.txt" | grep -Ev '^(holds|FAILS) '
    local code=${PIPESTATUS[0]}
    grep -E '^(holds|FAILS) ' "$output/log.txt"
    exit "$code"
}

# last_line CODE TEXT: the one-line figure.
last_line() {
    if (($1 == 0)); then echo "holds   $2"; else echo "FAILS   $2"; fi
    exit "$1"
}

if [[ $topic == speed ]]; then
    if ((EUID == 0)); then install_packages "${peer_packages[@]}"; fi
    benchmarks=$root/build/release/benchmarks
    # bench PROGRAM [TARGET...]: builds and runs it; its last line is the figure.
    bench() {
        build "$@"
        "$benchmarks/$1" --json "$output/$1.json"
    }
    case $point in
    a) bench kernels ;;
    b)
        # Not a target where libtorch is missing; the benchmark then says so.
        libtorch=()
        [[ -e /usr/include/torch/csrc/api/include/torch/torch.h ]] && libtorch=(peer_libtorch_update)
        bench update_step "${libtorch[@]}"
        ;;
    c) bench evolution ;;
    d)
        code=0
        bench scaling || code=1
        bench diffusion || code=1
        last_line $code "d: both of the above"
        ;;
    e)
        install_packages "${build_packages[@]}"
        "$root/benchmarks/compile_time.py" --json "$output/compile_time.json"
        ;;
    f)
        code=0
        "$root/scripts/instructions.sh" || code=1
        last_line $code "f: no network needs over 2 % more instructions an update than the baseline"
        ;;
    esac
    exit
fi

if [[ $topic == supervised ]]; then
    install_packages "${data_packages[@]}"
    "$root/scripts/data.sh" mnist
    quick=()
    [[ ${3:-} == --quick ]] && quick=(--quick)
    # point PROGRAM FAMILIES ARGUMENT...: evolves the families of genomes again where asked to, and runs it.
    point() {
        build "$1"
        local families
        read -ra families <<<"$2"
        if [[ $full == yes && ${#families[@]} -gt 0 ]]; then
            "$root/scripts/evolve.sh" "$output/genomes" "${families[@]}"
            export TDCA_GENOMES=$output/genomes
        fi
        exec "$root/build/release/examples/$1" --output "$output" "${@:3}" "${quick[@]}"
    }
    case $point in
    a) point supervised "fashion_mnist evolved_backprop" --points a --check ;;
    b) point cross_dataset "universal_without_mnist_digits universal_without_fashion_mnist" --check ;;
    c) point width_and_depth universal --check ;;
    d)
        specialists=(specialist_{mnist,digits,breast_cancer,wine,iris})
        point multi_task "universal fashion_mnist ${specialists[*]}" --check
        ;;
    e) point diffusion_study "" --check ;;
    f) point supervised "fashion_mnist evolved_backprop" --points f ;;
    g) exec "$root/scripts/lib/genome_facts.py" "$genomes"/*_[123].safetensors ;;
    esac
fi

if [[ $topic == optimization ]]; then
    if ((EUID == 0)); then install_packages "${minimizer_packages[@]}"; fi
    tables=$root/scripts/lib/optimization_tables.py
    # evolved NAME...: the folder that holds these genomes, evolved again where asked to.
    evolved() {
        if [[ $full == yes ]]; then
            "$root/scripts/evolve.sh" "$output/genomes" "$@" >&2
            export TDCA_GENOMES=$output/genomes
        fi
    }
    case $point in
    a)
        evolved optimizer
        build optimization
        "$root/build/release/benchmarks/optimization" --output "$output" --json "$output/results.json" \
            ${TDCA_GENOMES:+--genome "$TDCA_GENOMES/optimizer_1.safetensors"}
        exec "$tables" --check "$output/results.json"
        ;;
    b)
        evolved known_{rastrigin,griewank,schwefel}
        build optimization
        for name in rastrigin ackley griewank schwefel; do
            # Ackley needs no genome of its own.
            genome=${TDCA_GENOMES:-$genomes}/known_${name}_1.safetensors
            [[ $name == ackley ]] && genome=$genomes/optimizer.safetensors
            "$root/build/release/benchmarks/optimization" --output "$output" --json "$output/known_$name.json" \
                --setting known --dimensions 2 --evaluations 5000 --functions $name --tasks 1000 \
                --genome "$genome"
        done
        exec "$tables" --check-known "$output"/known_*.json
        ;;
    c)
        build search_scale
        exec "$root/build/release/benchmarks/search_scale" --json "$output/scale.json"
        ;;
    d)
        build test_unit_task test_unit_learner
        code=0
        "$root/build/release/tests/test_unit_task" "optimize survives*,optimize counts*" || code=1
        "$root/build/release/tests/test_unit_learner" "Values that are not finite*,An objective without*" || code=1
        last_line $code "d: objectives that throw, and values that are not finite, end with the best point and a message"
        ;;
    e)
        build loss_landscape
        "$root/build/release/examples/loss_landscape" --output "$output"
        code=0
        for picture in functions network; do [[ -s $output/$picture.png ]] || code=1; done
        last_line $code "e: the pictures are in $output; look at them"
        ;;
    esac
fi

if [[ $topic == reinforcement ]]; then
    if ((EUID == 0)); then install_packages "${minimizer_packages[@]}"; fi
    if [[ $full == yes ]]; then
        "$root/scripts/evolve.sh" "$output/genomes" cart_pole cart_pole_online cart_pole_online_backprop control lunar_lander >&2
        for family in cart_pole cart_pole_online control lunar_lander; do
            cp "$output/genomes/${family}_1.safetensors" "$output/genomes/$family.safetensors"
        done
        export TDCA_GENOMES=$output/genomes
    fi
    if [[ $point == f ]]; then
        build acting_speed
        exec "$root/build/release/benchmarks/acting_speed" --json "$output/speed.json"
    fi
    build reinforcement
    exec "$root/build/release/benchmarks/reinforcement" --points "$point" --check --output "$output" \
        --json "$output/results.json"
fi

if [[ $topic == trust ]]; then
    install_packages "${build_packages[@]}" "${data_packages[@]}" "${test_packages[@]}" "${docs_packages[@]}" \
        "${browser_packages[@]}" "${cross_packages[@]}"
    # tests PATTERN SENTENCE [TARGET...]: builds these, and runs the tests of these names, whose promise the sentence
    # says.
    tests() {
        if ! (cd "$root" && cmake --preset ci && { (($# < 3)) || cmake --build --preset ci --target "${@:3}"; }) \
            >"$output/build.log" 2>&1; then
            tail -n 40 "$output/build.log"
            exit 2
        fi
        local code=0 skipped
        (cd "$root" && ctest --preset ci -R "$1") | tee "$output/tests.log" || code=1
        skipped=$(grep -cE '\*\*\*(Skipped|Not Run)' "$output/tests.log" || true)
        last_line $code "$point: $2: $(grep -E '^[0-9]+% tests passed' "$output/tests.log"), $skipped of them skipped"
    }
    # long PATTERN SCRIPT ARGUMENT...: the long form of a promise, whose figures are the lines like this.
    long() {
        local code=0 figures
        "$root/scripts/$2.sh" "${@:3}" 2>&1 | tee "$output/long.log" || code=1
        figures=$(grep -E "$1" "$output/long.log" | tr -s ' ' | paste -sd ';' || true)
        last_line $code "$point: scripts/$2.sh: ${figures//;/; }"
    }
    case $point in
    1) tests '^(consumer|packaging)' "adoption: consumers, packages, recipes" ;;
    2)
        tests '^(compile_fail|complaint|static|unit\.(io|data))' "errors: one sentence for each misuse, on both compilers" \
            cart_pole evolve_genome measures test_unit_io test_unit_data
        ;;
    3)
        [[ $full == yes ]] && long '^(safetensors|idx|csv): ' fuzz
        tests '^(fuzz|unit\.(io|data))' "files: three fuzz targets for ten seconds each, and files of NumPy and PyTorch" \
            fuzz_targets test_unit_io test_unit_data
        ;;
    4)
        [[ $full == yes ]] && long 'interrupted by|failures survived|resumes refused|were killed' faults
        tests '^(fault|unit\.io)' "nothing is lost" evolve_optimizer fail_at test_unit_io
        ;;
    5)
        [[ $full == yes ]] && long '^include/tdca ' coverage
        tests '^(property|bits)' "numbers: NaN contained, the same bits, properties over 8 seeds" test_property digests
        ;;
    6) tests '^(mpi|scaling_model)' "many machines" evolve_mpi count_bytes ;;
    7)
        # Programs that the pages name.
        tests '^docs' "documentation: reference, code blocks, links, pictures" test_docs \
            cart_pole distributed evolve_genome evolve_mpi measures unseen_settings
        ;;
    8)
        [[ $full == yes ]] && long '^\| (TDCA|backprop)' small_machines
        tests '^small' "small machines: no heap, no exceptions; here and on ARM under qemu" write_arrays
        ;;
    esac
fi

case $point in
a | b | d | e)
    set +e
    compare "$point"
    ;;
c)
    build diffusion_study
    exec "$root/build/release/examples/diffusion_study" --output "$output" --check
    ;;
f)
    build fashion_mnist
    program=$root/build/release/examples/fashion_mnist
    start=$SECONDS
    "$program" --output "$output/default"
    default=$((SECONDS - start))
    start=$SECONDS
    "$program" --quick --output "$output/quick" >"$output/quick.log" 2>&1
    quick=$((SECONDS - start))
    code=0
    for file in results.json learning_curves.png tdca.safetensors; do
        [[ -s $output/default/$file ]] || code=1
    done
    ((default < 300 && quick < 30)) || code=1
    last_line $code "f: the default demo took $default s (limit 300), --quick $quick s (limit 30)"
    ;;
g)
    build framework_speed
    exec "$root/build/release/benchmarks/framework_speed" --json "$output/speed.json"
    ;;
h)
    build fashion_mnist
    program=$root/build/release/examples/fashion_mnist
    # The genomes of five short runs: 1, 2 and 4 threads; and one stopped at half way and resumed.
    run() { "$program" --quick --only-evolve "$@" >/dev/null 2>&1; }
    for threads in 1 2 4; do run --threads $threads --output "$output/threads_$threads"; done
    rm -f "$output/resumed/"*
    run --generations 2 --output "$output/resumed"
    run --resume --output "$output/resumed"
    code=0
    for other in threads_2 threads_4 resumed; do
        cmp "$output/threads_1/tdca.checkpoint.safetensors" \
            "$output/$other/tdca.checkpoint.safetensors" || code=1
    done
    last_line $code "h: equal bits for 1, 2 and 4 threads and for stop-and-resume: $(
        ((code == 0)) && echo yes || echo no)"
    ;;
esac

if [[ $topic == architectures ]]; then
    install_packages "${data_packages[@]}"
    baselines=$root/docs/results/architectures
    # example NAME FILE ARGUMENT...: builds and runs it; its figures go to FILE.json.
    example() {
        build "$1"
        "$root/build/release/examples/$1" --json "$output/$2.json" "${@:3}"
    }
    # tune FILE ARGUMENT...: backpropagation by PyTorch anew, where asked to.
    tune() {
        [[ $full == yes ]] || return 0
        install_packages "${build_packages[@]}" python3-torch
        /usr/bin/python3 "$root/benchmarks/peers/pytorch_architectures.py" --json "$output/$1.json" "${@:2}"
        baselines=$output
    }
    check() { exec "$root/scripts/lib/architectures_points.py" "$point" "$output" "$baselines"; }
    case $point in
    a)
        tune backprop_1000 --networks conv
        tune backprop_5_epochs --networks conv --updates 3905
        for updates in 1000 3905; do
            example conv_fashion_mnist "conv_$updates" --updates "$updates" --only "8 and 16"
            example conv_fashion_mnist "architectures_conv_$updates" --updates "$updates" \
                --genome architectures --only "8 and 16 maps, 3 × 3, TDCA"
        done
        check
        ;;
    b)
        tune backprop_1000 --networks gru
        example recurrent_rows recurrent_rows --only Gru
        build architecture_speed
        # Its own verdict is that of point e.
        "$root/build/release/benchmarks/architecture_speed" --quick --json "$output/architecture_speed.json" ||
            true
        check
        ;;
    c)
        example spiking_digits spiking_digits
        example attention_sequence attention_sequence
        check
        ;;
    d)
        tune backprop_1000 --networks residual plain
        example residual_depth residual_depth
        check
        ;;
    e)
        # OpenBLAS too: without it PyTorch multiplies by the reference BLAS.
        if ((EUID == 0)); then install_packages "${peer_packages[@]}"; fi
        build architecture_speed
        exec "$root/build/release/benchmarks/architecture_speed" --json "$output/architecture_speed.json"
        ;;
    f)
        build architecture_credits
        "$root/build/release/benchmarks/architecture_credits" --json "$output/architecture_credits.json"
        "$root/build/release/benchmarks/architecture_credits" --genome architectures --json "$output/architectures_credits.json"
        last_line 0 "f: cosines of every layer's change to steepest descent; 1 is backpropagation"
        ;;
    esac
fi
