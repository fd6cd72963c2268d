# Learning from labels: docs/results/supervised.md. Minutes to an hour and a half a point, `a` longer.

# study PROGRAM "FAMILY..." ARGUMENT...: with --full, evolves the families of genomes again before.
study() {
    local families
    read -ra families <<<"$2"
    needs data
    run scripts/data.sh mnist
    build "$1"
    evolved "${families[@]}"
    run "build/release/benchmarks/studies/$1" --output "$output" "${@:3}" "${quick[@]}"
}

supervised_a() { study supervised "fashion_mnist evolved_backprop" --points a --check; }
supervised_b() { study cross_dataset "universal_without_mnist_digits universal_without_fashion_mnist" --check; }
supervised_c() { study width_and_depth universal --check; }

supervised_d() {
    local specialists=(specialist_{mnist,digits,breast_cancer,wine,iris})
    study multi_task "universal fashion_mnist ${specialists[*]}" --check
}

supervised_e() { study diffusion_study "" --check; }
supervised_f() { study supervised "fashion_mnist evolved_backprop" --points f; }
supervised_g() { run scripts/lib/genome_facts.py "$shipped"/*_[123].safetensors; }
