# Convolutions, sequences, residuals, spikes, attention: docs/results/architectures.md.

tuned=docs/results/architectures

# table NAME FILE ARGUMENT...: a study, once it is built; its figures go to FILE.json.
table() { run "build/release/benchmarks/studies/$1" --json "$output/$2.json" "${@:3}"; }

# tune FILE ARGUMENT...: with --full, backpropagation by PyTorch anew, for hours.
tune() {
    ((full)) || return 0
    needs build
    run install_packages python3-torch
    run /usr/bin/python3 benchmarks/peers/pytorch_architectures.py --json "$output/$1.json" "${@:2}"
    tuned=$output
}

check() { run scripts/lib/architectures_points.py "$point" "$output" "$tuned"; }

architectures_a() {
    local updates
    needs data
    tune backprop_1000 --networks conv
    tune backprop_5_epochs --networks conv --updates 3905
    build conv_fashion_mnist
    for updates in 1000 3905; do
        table conv_fashion_mnist "conv_$updates" --updates "$updates" --only "8 and 16"
        table conv_fashion_mnist "architectures_conv_$updates" --updates "$updates" --genome architectures \
            --only "8 and 16 maps, 3 × 3, TDCA"
    done
    check
}

architectures_b() {
    needs data
    tune backprop_1000 --networks gru
    build recurrent_rows architecture_speed
    table recurrent_rows recurrent_rows --only Gru
    # Its own verdict is that of point e.
    run build/release/benchmarks/architecture_speed --quick --json "$output/architecture_speed.json" || true
    check
}

architectures_c() {
    needs data
    build spiking_digits attention_sequence
    table spiking_digits spiking_digits
    table attention_sequence attention_sequence
    check
}

architectures_d() {
    needs data
    tune backprop_1000 --networks residual plain
    build residual_depth
    table residual_depth residual_depth
    check
}

architectures_e() {
    needs data
    # OpenBLAS too: without it PyTorch multiplies by the reference BLAS.
    may_use peer
    benchmark architecture_speed --json "$output/architecture_speed.json"
}

architectures_f() {
    needs data
    build architecture_credits
    run build/release/benchmarks/studies/architecture_credits --json "$output/architecture_credits.json"
    run build/release/benchmarks/studies/architecture_credits --genome architectures \
        --json "$output/architectures_credits.json"
    last_line 0 "f: cosines of every layer's change to steepest descent; 1 is backpropagation"
}
