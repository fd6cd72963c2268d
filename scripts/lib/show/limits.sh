# How far layers are from what the core can do: docs/performance.md.

# limit POINTS: measures these; the last line is the figure.
limit() {
    may_use peer
    build limits
    run build/release/benchmarks/limits --points "$1" --json "$output/limits_$1.json"
}

limits_a() { limit a; }
limits_b() { limit b; }
limits_c() { limit c; }
limits_d() { limit d; }

limits_f() {
    local code=0
    run scripts/instructions.sh || code=1
    last_line $code "f: no network needs over 0.5 % more instructions an update than the baseline"
}
