// Several ranks: the same bits for any number of them, and what the first one holds, in all.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "support/plain_genome.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/shared_state.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/stop_signal.hpp"
#include "unit/evolution/thread_ranks.hpp"

using namespace tdca;
using tdca::testing::ThreadRanks;

namespace {

/// Lives that tell genomes apart, and some of which break.
struct Lives {
    using Genome = tdca::testing::PlainGenome<3>;
    struct Workspace {};

    static void initialize(Genome&, Key) {}
    [[nodiscard]] static std::size_t lifetimes() { return 3; }
    [[nodiscard]] static Workspace workspace() { return {}; }
    [[nodiscard]] static double lifetime(const LifetimeId& id, const Genome& genes, Workspace&) {
        const auto genome = tdca::testing::genes_of(genes);
        if (id.key.uniform(1) < 0.1) return -std::numeric_limits<double>::quiet_NaN();
        return id.key.uniform(0) * double{genome[0]} - double{genome[1]} * double{genome[2]};
    }
};

std::vector<std::vector<float>> evolve(std::size_t ranks) {
    std::vector<std::vector<float>> genomes(ranks);
    ThreadRanks::run(ranks, [&](const ThreadRanks& own) {
        Evolution<Snes, Lives, ThreadRanks> evolution(Snes({.members = 6}), {}, Key(1), 1,
                                                      Aggregation::rank, own);
        evolution.run(8, [](const auto&, const auto&) { return true; });
        genomes[own.rank()] = evolution.state().mean;
    });
    return genomes;
}

}  // namespace

TEST_CASE("any number of ranks holds the same genome", "[ranks]") {
    Evolution<Snes, Lives> alone(Snes({.members = 6}), {}, Key(1), 1);
    alone.run(8, [](const auto&, const auto&) { return true; });
    const std::vector<float> genome = alone.state().mean;
    for (const std::size_t ranks : {1U, 2U, 3U, 5U, 32U}) {
        CAPTURE(ranks);
        CHECK(evolve(ranks) == std::vector(ranks, genome));
    }
}

TEST_CASE("what the first rank holds, all hold", "[ranks]") {
    constexpr std::size_t genes = 4;
    const Snes::State first{{1.5F, -0.0F, 0.1F, -3e38F}, {1e-40F, 2, 3, 4}, 7};
    std::vector<std::optional<Snes::State>> states(3);
    states[0] = first;
    states[2] = Snes::State{{9, 9, 9, 9}, {9, 9, 9, 9}, 9};
    ThreadRanks::run(3,
                     [&](const ThreadRanks& own) { share_first(own, genes, states[own.rank()]); });
    for (const auto& state : states) {
        REQUIRE(state);
        CHECK(state->generation == 7);
        CHECK(state->mean == first.mean);
        CHECK(std::signbit(state->mean[1]));
        CHECK(state->sigma == first.sigma);
    }
    states[0].reset();
    ThreadRanks::run(3,
                     [&](const ThreadRanks& own) { share_first(own, genes, states[own.rank()]); });
    for (const auto& state : states) CHECK_FALSE(state);
}

TEST_CASE("a signal to one rank is every rank's exit code", "[ranks]") {
    // The signal comes to this process: ranks here disagree about none, and agree on which.
    for (const int number : {SIGINT, SIGTERM}) {
        const StopSignal stop;
        std::raise(number);
        std::vector<int> codes(2);
        ThreadRanks::run(2,
                         [&](const ThreadRanks& own) { codes[own.rank()] = stop.exit_code(own); });
        CHECK(codes == std::vector(2, 128 + number));
    }
}
