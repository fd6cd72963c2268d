#!/usr/bin/env python3
"""A generation on many machines, simulated from its measured parts.

scaling_model.py                         prints the tables of docs/scaling.md
scaling_model.py --picture FILE.png      draws the picture as well
scaling_model.py --validate LOG...       compares with what ranks of evolve_mpi took, see docs/scaling.md
scaling_model.py --check                 simulates a little, and tests what any schedule must obey

--costs FILE: what the benchmark `distributed` has measured, docs/results/speed/distributed.json.
"""

import argparse
import heapq
import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
RANKS_PER_NODE = 32
CHECKPOINT_EVERY = 10.0  # seconds, the default of our programs


@dataclass(frozen=True)
class Network:
    """An all-to-all reduction of n bytes among R ranks, by the faster of the two usual algorithms:
    recursive doubling, log2 R (α + n/β); or halving and doubling, 2 log2 R α + 2 (R-1)/R n/β."""

    name: str
    latency: float    # α, seconds
    bandwidth: float  # β, bytes a second

    def allreduce(self, size, ranks):
        steps = np.ceil(np.log2(ranks))
        return min(steps * (self.latency + size / self.bandwidth),
                   2 * steps * self.latency + 2 * (ranks - 1) / ranks * size / self.bandwidth)

    def allgather(self, size, ranks):
        return np.ceil(np.log2(ranks)) * self.latency + (ranks - 1) / ranks * size / self.bandwidth


# Assumptions, in the range of what such networks are sold for.
CLUSTER = Network("cluster", 2e-6, 12.5e9)
ETHERNET = Network("10 Gbit Ethernet", 30e-6, 1.25e9)


@dataclass(frozen=True)
class Setting:
    lives: str = "images"
    members: int = 32
    genes: int = 0           # 0: as the lives'
    network: Network = CLUSTER
    slowness: float = 0.0    # a node is exp(slowness |N(0, 1)|) times as slow, anew in each generation
    dynamic: bool = False    # lives are handed out as ranks become free; else in turn, as Evolution does
    noise_shared: bool = False  # ranks draw the noise of a share only; else all draw all, as today
    units_a_rank: int = 4    # cohorts are made smaller until there are so many; Evolution's number
    draws: int = 16


class Model:
    def __init__(self, costs):
        self.noise = costs["noise"]
        self.ranking = costs["ranking"]
        self.checkpoint = costs["checkpoint"]
        self.lives = costs["lives"]

    def along(self, table, size, axis, value):
        """A measured value at any size, on a line over the logarithm."""
        return np.interp(np.log(size), [np.log(row[axis]) for row in table],
                         [value(row) for row in table])

    def units(self, setting, ranks, random):
        """Seconds of what is handed out: a cohort's life each, the last lifetime first."""
        lives = self.lives[setting.lives]
        rows = lives["microseconds"]
        together = {int(k): v for k, v in lives["cost_side_by_side"].items()}
        most = setting.members * len(rows) // (setting.units_a_rank * ranks)
        cohort = min(max(most, 1), max(together))
        cohorts = -(-setting.members // cohort)
        sizes = np.diff(np.arange(cohorts + 1) * setting.members // cohorts)
        cost = sizes * np.interp(np.log2(sizes), np.log2(list(together)), list(together.values()))
        life = [1e-6 * random.choice(row) for row in reversed(rows)]
        return np.outer(life, cost).ravel()

    @staticmethod
    def last_to_finish(units, slow, dynamic, latency):
        """Seconds until the last of the ranks has lived its units."""
        ranks = len(slow)
        if not dynamic:
            padded = np.zeros(-(-len(units) // ranks) * ranks)
            padded[:len(units)] = units
            return float((padded.reshape(-1, ranks).sum(0) * slow).max())
        free = [(0.0, rank) for rank in range(min(ranks, len(units)))]
        for unit in np.sort(units)[::-1]:
            time, rank = free[0]
            heapq.heapreplace(free, (time + 2 * latency + unit * slow[rank], rank))
        return max(free)[0]

    def parts(self, setting, ranks):
        """Mean seconds of each part of a generation."""
        lives = self.lives[setting.lives]
        lifetimes = len(lives["microseconds"])
        genes = setting.genes or lives["genes"]
        network, members = setting.network, setting.members
        ask, tell = (members * genes * 1e-9 * self.along(self.noise, genes, "genes", lambda r: r[name])
                     for name in ("ask", "tell"))
        ranking = members * 1e-9 * self.along(self.ranking, members, "members", lambda r: r["ranking"])
        combine = network.allreduce(8 * members * lifetimes, ranks) + network.allreduce(4, ranks)
        if setting.noise_shared:
            ask *= min(1, -(-members * lifetimes // ranks) / members)
            tell /= ranks
            combine += network.allgather(8 * genes, ranks)
        total = []
        for draw in range(setting.draws):
            random = np.random.default_rng(draw)  # the same lives for every number of ranks
            units = self.units(setting, ranks, random)
            nodes = np.exp(setting.slowness * np.abs(random.standard_normal(-(-ranks // RANKS_PER_NODE))))
            slow = np.repeat(nodes, RANKS_PER_NODE)[:ranks]
            total.append(self.last_to_finish(units, slow, setting.dynamic, network.latency))
        parts = {"ask": ask, "lives": float(np.mean(total)), "combine": float(combine),
                 "rank": (lifetimes + 1) * ranking, "tell": tell}
        save = self.along(self.checkpoint, genes, "genes", lambda r: r["seconds"]["median"])
        parts["checkpoint"] = save * min(1, sum(parts.values()) / CHECKPOINT_EVERY)
        return parts

    def seconds(self, setting, ranks):
        return sum(self.parts(setting, ranks).values())

    def efficiency(self, setting, ranks):
        """How much of R ranks is made use of: against one rank that nothing slows down."""
        alone = self.seconds(replace(setting, slowness=0.0, dynamic=False), 1)
        return alone / (ranks * self.seconds(setting, ranks))

    def most_ranks(self, setting, efficiency=0.5):
        """The largest power of two that is made use of so well, up to 2^17."""
        best = 1
        for power in range(1, 18):
            if self.efficiency(replace(setting, draws=4), 2 ** power) < efficiency:
                break
            best = 2 ** power
        return best


def table(head, rows):
    print("\n| " + " | ".join(head) + " |\n| " + " | ".join("---" for _ in head) + " |")
    for row in rows:
        print("| " + " | ".join(row) + " |")


def percent(value):
    return f"{100 * value:.0f} %" if value >= 0.095 else f"{100 * value:.1f} %"


def print_tables(model):
    ranks = [1, 10, 100, 1000, 10_000]
    print("Strong scaling: the recipe `images`, 5 lives a member, 196 genes")
    rows = []
    for members in (32, 1024, 32_768):
        calm = Setting(members=members)
        slow = replace(calm, slowness=0.2)
        for count in ranks:
            rows.append([f"{members:,}", f"{count:,}", f"{model.seconds(calm, count):.3g}"] + [
                percent(model.efficiency(setting, count))
                for setting in (calm, replace(calm, network=ETHERNET), replace(calm, units_a_rank=64),
                                slow, replace(slow, dynamic=True))])
    table(["members", "ranks", "seconds", "efficiency", "by Ethernet", "64 units a rank", "slow nodes",
           "slow nodes, handed out as ranks become free"], rows)

    print("\nWeak scaling: 4 members a rank; seconds for one rank over seconds for so many")
    rows = []
    for count in ranks:
        row = [f"{count:,}"]
        for genes, shared in ((196, False), (10_000, False), (1_000_000, False), (1_000_000, True)):
            one, many = (Setting(members=4 * n, genes=genes, noise_shared=shared) for n in (1, count))
            row.append(percent(model.seconds(one, 1) / model.seconds(many, count)))
        rows.append(row)
    table(["ranks", "196 genes", "10,000", "1,000,000", "1,000,000, noise shared out"], rows)

    print("\nParts of a generation, milliseconds: 32,768 members on 10,000 ranks")
    rows = []
    for genes, shared in ((196, False), (10_000, False), (10_000, True)):
        parts = model.parts(Setting(members=32_768, genes=genes, noise_shared=shared), 10_000)
        rows.append([f"{genes:,}{', noise shared out' if shared else ''}"] +
                    [f"{1e3 * value:.3g}" for value in parts.values()])
    table(["genes", *parts], rows)

    print("\nThe most ranks (a power of two) that are made use of by half or more")
    rows = []
    for members in (32, 1024, 32_768):
        rows.append([f"{members:,}"] + [
            f"{model.most_ranks(Setting(members=members, genes=genes, noise_shared=shared)):,}"
            for genes, shared in ((196, False), (10_000, False), (1_000_000, False),
                                  (1_000_000, True))])
    table(["members", "196 genes", "10,000", "1,000,000", "1,000,000, noise shared out"], rows)


def draw_picture(model, file):
    ranks = [count * 10 ** power for power in range(4) for count in (1, 2, 3, 5, 7)] + [10_000]
    large = Setting(members=32_768)
    curves = [
        ("32 members", Setting(members=32), "#E69F00", 1),
        ("1,024 members", Setting(members=1024), "#009E73", 1),
        ("32,768 members", large, "#0072B2", 1),
        ("32,768, slow nodes", replace(large, slowness=0.2), "#56B4E9", 2),
        ("32,768, slow nodes, handed out when free", replace(large, slowness=0.2, dynamic=True),
         "#000000", 3),
        ("32,768 of 10,000 genes", replace(large, genes=10_000), "#D55E00", 1),
        ("32,768 of 10,000 genes, noise shared out",
         replace(large, genes=10_000, noise_shared=True), "#CC79A7", 2),
    ]
    script = ["set terminal pngcairo size 1000,640 font 'sans,13' noenhanced", f"set output '{file}'",
              "set title 'How much of the ranks a generation makes use of (simulated)'",
              "set xlabel 'ranks'", "set ylabel 'efficiency in %'", "set logscale x",
              "set xrange [1:10000]", "set yrange [0:102]", "set grid",
              "set key bottom left Left reverse"]
    script.append("plot " + ", ".join(
        f"'-' with lines lw 2.5 dt {dash} lc rgb '{colour}' title '{title}'"
        for title, _, colour, dash in curves))
    for _, setting, _, _ in curves:
        script += [f"{count} {100 * model.efficiency(setting, count)}" for count in ranks] + ["e"]
    subprocess.run(["gnuplot"], input="\n".join(script), text=True, check=True)


def validate(model, logs):
    """Logs of tests/mpi/count_bytes.cpp: of each rank the processor seconds of each generation."""
    setting = Setting(lives="search", members=64, draws=200)
    rows = []
    alone = None
    for log in logs:
        ranks = np.array([line.split()[3:] for line in log.read_text().splitlines()], dtype=float)
        # The first generation has the program's start in it; the members are more from the seventh.
        seconds = ranks[:, 1:6]
        parts = model.parts(setting, len(ranks))
        predicted = sum(parts[part] for part in ("ask", "lives", "rank", "tell"))
        alone = alone or predicted
        rows.append([str(len(ranks)), f"{seconds.max(0).mean():.3f}", f"{predicted:.3f}",
                     f"{seconds.max(0).mean() / seconds.mean():.3f}",
                     f"{predicted * len(ranks) / alone:.3f}"])
    table(["ranks", "the slowest, seconds", "predicted", "slowest / mean", "predicted"], rows)


def check(model):
    """What no schedule and no network can break."""
    random = np.random.default_rng(1)
    for _ in range(50):
        units = random.lognormal(0, 1, random.integers(1, 300))
        before = {}
        for ranks in (1, 2, 4, 8, 64, 512):
            slow = np.ones(ranks)
            for dynamic in (False, True):
                last = Model.last_to_finish(units, slow, dynamic, 0.0)
                bound = max(units.max(), units.sum() / ranks)
                assert last >= bound * (1 - 1e-12), "faster than possible"
                # Twice the ranks in turn: each old rank's units fall to two new ones.
                assert last <= before.get(dynamic, last) * (1 + 1e-12), "slower with more ranks"
                before[dynamic] = last
                if dynamic:  # when the last unit begins, no rank is idle (Graham, 1966)
                    assert last <= units.sum() / ranks + units.max(), "worse than a list can be"
            assert Model.last_to_finish(units, 2 * slow, False, 0.0) >= \
                Model.last_to_finish(units, slow, False, 0.0)
    for members in (8, 256):
        for shared in (False, True):
            for dynamic in (False, True):
                calm = Setting(members=members, genes=1000, noise_shared=shared, dynamic=dynamic, draws=4)
                assert abs(model.efficiency(replace(calm, dynamic=False), 1) - 1) < 1e-12
                for ranks in (2, 16, 1000, 10_000):
                    for setting in (calm, replace(calm, network=ETHERNET), replace(calm, slowness=0.3)):
                        assert 0 < model.efficiency(setting, ranks) <= 1, f"{setting} on {ranks}"
                    assert model.efficiency(replace(calm, slowness=0.3), ranks) <= \
                        model.efficiency(calm, ranks) + 1e-12
    assert CLUSTER.allreduce(1000, 1) == 0 and CLUSTER.allreduce(10**9, 1024) > 2 * 10**9 * 0.99 / 12.5e9
    print("the simulated schedules obey their bounds")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--costs", type=Path, default=ROOT / "docs/results/speed/distributed.json")
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--validate", type=Path, nargs="+")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    model = Model(json.loads(options.costs.read_text(encoding="utf-8")))
    if options.check:
        check(model)
    elif options.validate:
        validate(model, options.validate)
    else:
        print_tables(model)
        if options.picture:
            draw_picture(model, options.picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
