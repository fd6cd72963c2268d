// Lifetimes drawn from many tasks: by the key alone, from every task, as the task itself lives.
#include "tdca/evolution/task_distribution.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "support/halves.hpp"
#include "support/plain_genome.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/concepts/task.hpp"
#include "tdca/core/genome.hpp"
#include "tdca/core/random.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

using namespace tdca;
using namespace tdca::testing;

namespace {

/// All that a distribution asks of a learner.
struct ThreeGenes {
    using Genome = PlainGenome<3>;
    static void initialize(Genome& genome, Key key) {
        key.fill_normal(std::span<float>(genes_of(genome)));
    }
};
using Distribution = TaskDistribution<ThreeGenes>;

/// What a task was called with, shared by its copies.
struct Log {
    std::size_t workspaces = 0;
    std::vector<LifetimeId> lives;
};

/// A task whose fitness tells which it is.
struct Marked {
    using Genome = PlainGenome<3>;
    struct Workspace {
        std::shared_ptr<Log> log;
    };

    double mark;
    std::shared_ptr<Log> log = std::make_shared<Log>();

    static void initialize(Genome&, Key) {}
    [[nodiscard]] std::size_t lifetimes() const { return 100; }
    [[nodiscard]] Workspace workspace() const {
        ++log->workspaces;
        return {log};
    }
    [[nodiscard]] double lifetime(const LifetimeId& id, const Genome& genome,
                                  Workspace& workspace) const {
        REQUIRE(workspace.log == log);  // its own
        log->lives.push_back(id);
        return mark + 0.1 * id.key.uniform(0) + double{genes_of(genome)[0]} * 1e-3;
    }
};

/// A task of another type that lives for two members at a time.
struct Paired : Marked {
    [[nodiscard]] static std::size_t side_by_side() { return 2; }
    void lifetimes(const LifetimeId& id, std::span<const Genome> genomes, std::span<double> fitness,
                   Workspace& workspace) const {
        REQUIRE(fitness.size() <= 2);
        for (std::size_t m = 0; m < fitness.size(); ++m) {
            fitness[m] = lifetime(id, genomes[m], workspace);
        }
    }
    using Marked::lifetimes;
};

const PlainGenome<3> genome{};

using Teacher =
    TopDownNetwork<ClassificationSignal<2>, Hidden<2>, GaussianDiffusion<4>, PredictiveFeedback<>>;
using Narrow = Learner<Network<Input<4>, Dense<8, Relu>, Dense<2, Softmax>>, Teacher>;
using Deep =
    Learner<Network<Input<4>, Dense<12, Tanh>, Dense<5, Relu>, Dense<2, Softmax>>, Teacher>;

LifetimeRange short_lives(const Dataset& data) {
    LifetimeRange range{{{all(data), all(data)}}};
    range.shortest = 2;
    range.longest = 20;
    range.judged = 32;
    range.lifetimes = 2;
    return range;
}

}  // namespace

TEST_CASE("a lifetime falls on a task of its stratum by its key, and on every task", "[task]") {
    STATIC_REQUIRE(CohortTask<Distribution>);
    STATIC_REQUIRE(CohortTask<Paired>);
    STATIC_REQUIRE_FALSE(CohortTask<Marked>);
    Distribution tasks;
    tasks.stratum("images", 2).add(Marked{1}).add(Paired{{2}}).add(Marked{3});
    tasks.stratum("tables", 1).add(Marked{10}).add(Marked{20});
    CHECK(tasks.lifetimes() == 3);
    CHECK(tasks.side_by_side() == 2);
    auto workspace = tasks.workspace();
    std::array<std::map<int, std::size_t>, 3> drawn;
    constexpr std::size_t keys = 600;
    for (std::uint64_t seed = 0; seed < keys; ++seed) {
        for (std::size_t index = 0; index < 3; ++index) {
            const LifetimeId id{Key(seed) / index, index};
            const double fitness = tasks.lifetime(id, genome, workspace);
            REQUIRE(fitness == tasks.lifetime(id, genome, workspace));
            ++drawn[index][static_cast<int>(fitness)];
        }
    }
    // Six standard deviations of a binomial number are 69 for a third and 73 for a half of 600.
    for (std::size_t index = 0; index < 2; ++index) {
        CHECK(drawn[index].size() == 3);
        for (const int mark : {1, 2, 3}) {
            CHECK(static_cast<double>(drawn[index][mark]) == Approx(200).margin(69));
        }
    }
    CHECK(drawn[2].size() == 2);
    for (const int mark : {10, 20}) {
        CHECK(static_cast<double>(drawn[2][mark]) == Approx(300).margin(73));
    }
    CHECK(drawn[0] != drawn[1]);
}

TEST_CASE("a task is called with a key of its own and its number in the stratum", "[task]") {
    const Marked first{1};
    const Marked second{2};
    Distribution tasks;
    tasks.stratum("first", 2).add(first).stratum("second", 3).add(second);
    auto workspace = tasks.workspace();
    auto room = second.workspace();
    for (std::size_t index = 0; index < 5; ++index) {
        (void)tasks.lifetime({Key(7) / index, index}, genome, workspace);
    }
    REQUIRE(first.log->lives.size() == 2);
    REQUIRE(second.log->lives.size() == 3);
    for (std::size_t i = 0; i < 2; ++i) CHECK(first.log->lives[i].index == i);
    for (std::size_t i = 0; i < 3; ++i) {
        const LifetimeId called = second.log->lives[i];
        CHECK(called.index == i);
        // Not the key that chose the task.
        CHECK(called.key != Key(7) / (2 + i));
        CHECK(second.lifetime(called, genome, room) ==
              tasks.lifetime({Key(7) / (2 + i), 2 + i}, genome, workspace));
    }
}

TEST_CASE("a workspace is made when its task is first drawn, once", "[task]") {
    const Marked marked[3]{{1}, {2}, {3}};
    Distribution tasks;
    tasks.stratum("one", 1).add(marked[0]).add(marked[1]);
    tasks.stratum("other", 1).add(marked[2]);
    auto workspace = tasks.workspace();
    for (const Marked& task : marked) CHECK(task.log->workspaces == 0);
    (void)tasks.lifetime({Key(1), 1}, genome, workspace);
    CHECK(marked[2].log->workspaces == 1);
    CHECK(marked[0].log->workspaces + marked[1].log->workspaces == 0);
    (void)tasks.lifetime({Key(1), 0}, genome, workspace);
    CHECK(marked[0].log->workspaces + marked[1].log->workspaces == 1);
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        for (std::size_t index = 0; index < 2; ++index) {
            (void)tasks.lifetime({Key(seed), index}, genome, workspace);
        }
    }
    for (const Marked& task : marked) CHECK(task.log->workspaces == 1);
}

TEST_CASE("members that a task cannot take at once are split", "[task]") {
    const Paired paired{{2}};
    Distribution tasks;
    tasks.stratum("all", 1).add(paired);
    auto workspace = tasks.workspace();
    std::array<PlainGenome<3>, 5> genomes{};
    for (std::size_t m = 0; m < 5; ++m) genes_of(genomes[m])[0] = static_cast<float>(m);
    std::array<double, 5> fitness{};
    tasks.lifetimes({Key(1), 0}, genomes, fitness, workspace);
    for (std::size_t m = 0; m < 5; ++m) {
        CHECK(fitness[m] == Approx(fitness[0] + 1e-3 * static_cast<double>(m)).epsilon(1e-9));
    }
}

TEST_CASE("a distribution without lifetimes is refused", "[task]") {
    Distribution tasks;
    CHECK_THROWS_WITH(tasks.add(Marked{1}),
                      Catch::Contains("before any stratum (expected stratum(name, draws) first"));
    CHECK_THROWS_WITH(tasks.workspace(), Catch::Contains("no lifetimes"));
    tasks.stratum("images", 2).add(Marked{1}).stratum("held out", 1);
    CHECK_THROWS_WITH(
        tasks.workspace(),
        Catch::Contains("the stratum held out has no tasks (expected at least 1, found 0)"));
    tasks.drop_empty_strata();
    CHECK(tasks.lifetimes() == 2);
    CHECK(tasks.workspace().size() == 1);
    CHECK_THROWS_WITH(Distribution().stratum("none", 0).add(Marked{1}).workspace(),
                      Catch::Contains("no lifetimes"));
}

TEST_CASE("the learner says how a distribution's genome starts", "[task]") {
    PlainGenome<3> birth;
    Distribution::initialize(birth, Key(5));
    std::vector<float> expected(3);
    Key(5).fill_normal(std::span<float>(expected));
    CHECK(flat_genes(birth) == expected);
}

TEST_CASE("a drawn task lives as it does by itself, bit for bit", "[task]") {
    const Dataset data = halves(200);
    using Tasks = TaskDistribution<Narrow>;
    const TrainingTask<Deep, 16> deep(short_lives(data));
    Tasks tasks;
    tasks.stratum("deep", 2).add(deep);
    Tasks::Genome genes;
    Tasks::initialize(genes, Key(1));
    auto workspace = tasks.workspace();
    auto own = deep.workspace();
    for (std::size_t index = 0; index < 2; ++index) {
        const LifetimeId id{Key(3) / index, index};
        // The id that its task gets: see the documentation of `add`.
        CHECK(tasks.lifetime(id, genes, workspace) ==
              deep.lifetime({id.key / 1, index}, genes, own));
    }
}

TEST_CASE("a distribution evolves to the same bits on any number of threads", "[task]") {
    const Dataset data = halves(200);
    using Tasks = TaskDistribution<Narrow>;
    const auto evolve = [&](int threads) {
        Tasks tasks;
        tasks.stratum("shapes", 2)
            .add(TrainingTask<Narrow, 16>(short_lives(data)))
            .add(TrainingTask<Deep, 16>(short_lives(data)));
        tasks.stratum("batches", 1).add(TrainingTask<Narrow, 7>(short_lives(data)));
        Evolution<Snes, Tasks> evolution(Snes({.members = 6}), std::move(tasks), Key(1), threads);
        std::vector<double> means;
        evolution.run(4, [&](const GenerationReport& report, const auto&) {
            means.push_back(report.mean);
            return true;
        });
        return std::pair(evolution.state().mean, means);
    };
    const auto one = evolve(1);
    const auto two = evolve(2);
    CHECK(one.first == two.first);
    CHECK(one.second == two.second);
    Tasks::Genome start;
    Tasks::initialize(start, Key(1) / 0);
    CHECK(one.first != flat_genes(start));
}
