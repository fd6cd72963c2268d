#!/usr/bin/env bash
# evolve.sh FOLDER NAME...: evolves shipped genomes again from their seeds, into FOLDER, with checkpoints that
# a second call continues from. A NAME is a family, which is evolved from three seeds: fashion_mnist,
# evolved_backprop, universal, universal_without_mnist_digits, universal_without_fashion_mnist, specialist_mnist,
# specialist_digits, specialist_breast_cancer, specialist_wine, specialist_iris; optimizer (half an hour a seed),
# known_rastrigin, known_griewank, known_schwefel, deep_generator; architectures (from the shipped universal genome of
# its seed); deep, deep_exact, deep_error, deep_gates, deep_guesses and the same with _he (one minute a seed on a quiet
# core, from the same); cart_pole, cart_pole_online, cart_pole_online_backprop (exact gradients in the same life),
# control (from the shipped cart_pole_1), control_everything (all worlds, from the shipped control_1; an hour of one
# core a seed), lunar_lander (from the shipped control_1), memory; those from architectures on take ten to thirty
# minutes a seed, else two to five, on two cores; passing, passing_full (deep networks that learn as activity passes, or
# by full credits), integers, integers_backprop (networks of bytes).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
source "$root/scripts/lib/packages.sh"
source "$root/scripts/lib/usage.sh"

# choose FAMILY: sets the program that evolves it, and its recipe.
choose() {
    program=evolve_genome
    case $1 in
    optimizer | deep_generator | known_*) program=evolve_optimizer ;;&
    deep | deep_exact* | deep_error* | deep_gates* | deep_guesses* | deep_he) program=evolve_deep ;;&
    architectures) program=evolve_architectures ;;&
    cart_pole | cart_pole_online | cart_pole_online_backprop | control* | lunar_lander | memory) program=evolve_policy ;;&
    passing | passing_full) program=passing ;;&
    integers | integers_backprop) program=integers ;;&
    passing) recipe=(--evolve passing --generations 60) ;;
    passing_full) recipe=(--evolve full --generations 60) ;;
    integers) recipe=(--evolve credits --generations 80) ;;
    integers_backprop) recipe=(--evolve backprop --generations 80) ;;
    cart_pole) recipe=(--environment cart_pole --generations 110) ;;
    cart_pole_online) recipe=(--environment cart_pole --training trace --generations 90) ;;
    cart_pole_online_backprop)
        recipe=(--environment cart_pole --training trace --learner backprop --generations 90)
        ;;
    control)
        recipe=(--environment all --generations 110 --from "$root/examples/genomes/cart_pole_1.safetensors")
        ;;
    control_everything)
        recipe=(--environment everything --members 48 --generations 70 --from
            "$root/examples/genomes/control_1.safetensors")
        ;;
    lunar_lander)
        recipe=(--environment lunar_lander --generations 100 --from "$root/examples/genomes/control_1.safetensors")
        ;;
    memory)
        recipe=(--environment memory --members 40 --generations 90 --from
            "$root/examples/genomes/cart_pole_1.safetensors")
        ;;
    optimizer) recipe=() ;;
    architectures) recipe=(--from "$root/examples/genomes/universal_{seed}.safetensors") ;;
    deep | deep_exact* | deep_error* | deep_gates* | deep_guesses* | deep_he)
        local learner=${1%_he} births=mirrored
        [[ $1 != *_he ]] || births=he
        learner=${learner#deep}
        learner=${learner#_}
        recipe=(--learner "${learner:-credits}" --births "$births" --generations 60
            --from "$root/examples/genomes/universal_{seed}.safetensors")
        case $learner in
        exact | error | gates)
            recipe+=(--plasticity "$root/examples/genomes/evolved_backprop_{seed}.safetensors")
            ;;
        esac
        ;;
    deep_generator) recipe=(--deep --generations 200) ;;
    known_rastrigin | known_griewank | known_schwefel)
        recipe=(--known "${1#known_}" --evaluations 5000 --generations 100 --from
            "$root/examples/genomes/optimizer.safetensors")
        ;;
    fashion_mnist) recipe=(--recipe images --data fashion_mnist --generations 140) ;;
    evolved_backprop) recipe=(--recipe images --learner backprop --data fashion_mnist --generations 140) ;;
    universal) recipe=(--recipe universal --generations 140) ;;
    universal_without_mnist_digits) recipe=(--recipe universal --held-out mnist digits --generations 120) ;;
    universal_without_fashion_mnist) recipe=(--recipe universal --held-out fashion_mnist --generations 120) ;;
    specialist_mnist) recipe=(--recipe images --data mnist --generations 80) ;;
    specialist_digits | specialist_breast_cancer | specialist_wine | specialist_iris)
        recipe=(--recipe universal --data "${1#specialist_}" --generations 60)
        ;;
    *)
        echo "evolve.sh: no such family of genomes: $1" >&2
        usage
        ;;
    esac
}

(($# >= 2)) && [[ $1 != -* ]] || usage
for name in "${@:2}"; do choose "$name"; done
folder=$(mkdir -p "$1" && cd "$1" && pwd)
shift

install_packages "${build_packages[@]}" "${data_packages[@]}"
"$root/scripts/data.sh" mnist
(cd "$root" && cmake --preset release && cmake --build --preset release --target evolve_genome evolve_architectures \
    evolve_deep evolve_optimizer evolve_policy passing integers) >"$folder/build.log" 2>&1 ||
    { cat "$folder/build.log" && exit 2; }

for name in "$@"; do
    choose "$name"
    for seed in 1 2 3; do
        "$root/build/release/benchmarks/studies/$program" "${recipe[@]//\{seed\}/$seed}" --seed $seed --resume \
            --output "$folder/${name}_$seed.safetensors" --json "$folder/${name}_$seed.json"
    done
done
