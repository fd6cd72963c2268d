# Credits against a ladder of exact gradients, depth, outer loops: docs/results/credits.md.

credits_b() {
    needs data
    build deep_networks deep_networks_80
    local births
    for births in mirrored he; do
        run build/release/benchmarks/studies/deep_networks --births "$births" --evolutions 3 --seeds 6 "${quick[@]}" \
            --json "$output/deep_$births.json"
    done
    run build/release/benchmarks/studies/deep_networks_80 --births he --evolutions 3 --seeds 6 "${quick[@]}" \
        --json "$output/deep_80_he.json"
    run build/release/benchmarks/studies/deep_networks_80 --evolutions 3 --seeds 6 --check "${quick[@]}" \
        --json "$output/deep_80_mirrored.json"
}

credits_d() {
    needs data
    build outer_loops
    run build/release/benchmarks/studies/outer_loops --horizon 3000 --lives 24 --sigma 0.05 --rate 0.06 "${quick[@]}" \
        --json "$output/windows_3000.json"
    run build/release/benchmarks/studies/outer_loops --horizon 10000 --lives 12 --seeds 2 --sigma 0.05 --rate 0.06 \
        "${quick[@]}" --json "$output/windows_10000.json"
    run build/release/benchmarks/studies/outer_loops --part correlations --lives 40 --seeds 5 "${quick[@]}" \
        --json "$output/correlations.json"
}
