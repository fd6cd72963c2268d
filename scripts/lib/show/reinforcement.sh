# Acting from reward: docs/results/reinforcement.md. Tuning the peers takes minutes.

# evolved_policies: with --full, evolves the policies' genomes again; the first seed's is the one in use.
evolved_policies() {
    ((full)) || return 0
    evolved cart_pole cart_pole_online cart_pole_online_backprop control lunar_lander
    local family
    for family in cart_pole cart_pole_online control lunar_lander; do
        run cp "$genomes/${family}_1.safetensors" "$genomes/$family.safetensors"
    done
}

# policies POINT: one point of the comparison.
policies() {
    may_use minimizer
    evolved_policies
    run_study reinforcement --points "$1" --check --output "$output" --json "$output/results.json"
}

reinforcement_a() { policies a; }
reinforcement_b() { policies b; }
reinforcement_c() { policies c; }
reinforcement_d() { policies d; }
reinforcement_e() { policies e; }

reinforcement_f() {
    evolved_policies
    benchmark acting_speed --json "$output/speed.json"
}

reinforcement_g() { policies g; }
reinforcement_h() { policies h; }
