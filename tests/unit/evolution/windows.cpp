// Evolution in windows of lives: an unbiased estimate, the same bits anywhere and after a stop in
// mid-life, lives that go on under other genomes.
#include "tdca/evolution/window_evolution.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "support/halves.hpp"
#include "support/plain_genome.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/evolution/noise_reuse.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/io/checkpoint.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"
#include "unit/evolution/thread_ranks.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using tdca::testing::halves;
using tdca::testing::ThreadRanks;

namespace {

constexpr std::size_t windows = 5;
using Numbers = std::array<double, 2>;

/// A life of linear dynamics, judged quadratically: s ← A s + B θ from s = 0, and a window's
/// fitness is −‖s − c‖². So the mean over windows is quadratic in θ, smoothing by noise adds a
/// constant alone, and its gradient is known.
struct Linear {
    using Genome = tdca::testing::PlainGenome<2>;
    struct Workspace {};
    struct Life {
        Numbers s{};
        std::size_t lived = 0;
    };

    bool has_wall = false;
    static constexpr std::array<Numbers, 2> a{{{0.8, -0.3}, {0.4, 0.7}}};
    static constexpr std::array<Numbers, 2> b{{{0.5, 0.2}, {-0.1, 0.6}}};
    static constexpr Numbers c{1.0, -0.5};

    static Numbers times(const std::array<Numbers, 2>& m, const Numbers& x) {
        return {m[0][0] * x[0] + m[0][1] * x[1], m[1][0] * x[0] + m[1][1] * x[1]};
    }

    static void initialize(Genome& genome, Key) { tdca::testing::genes_of(genome)[0] = 0.3F; }
    [[nodiscard]] static std::size_t lifetimes() { return 3; }
    [[nodiscard]] static Workspace workspace() { return {}; }
    [[nodiscard]] static Life life() { return {}; }
    [[nodiscard]] double live_window(const LifetimeId&, const Window& window, const Genome& genes,
                                     Life& life, Workspace&) const {
        if (window.number == 0) life = {};
        if (life.lived++ != window.number) throw Error("Linear", "a window was left out");
        const auto genome = tdca::testing::genes_of(genes);
        const Numbers kept = times(a, life.s);
        const Numbers pushed = times(b, {double{genome[0]}, double{genome[1]}});
        double fitness = 0;
        for (std::size_t i = 0; i < 2; ++i) {
            life.s[i] = kept[i] + pushed[i];
            fitness -= (life.s[i] - c[i]) * (life.s[i] - c[i]);
        }
        if (has_wall && genome[0] > 0.31F) return std::numeric_limits<double>::quiet_NaN();
        return fitness;
    }

    /// The gradient of the mean over a life's windows, by the chain rule.
    static Numbers gradient(const Numbers& theta) {
        Numbers s{};
        std::array<Numbers, 2> by{};  // ds / dθ
        Numbers total{};
        for (std::size_t w = 0; w < windows; ++w) {
            const Numbers kept = times(a, s);
            const Numbers pushed = times(b, theta);
            std::array<Numbers, 2> next{};
            for (std::size_t i = 0; i < 2; ++i) {
                s[i] = kept[i] + pushed[i];
                for (std::size_t g = 0; g < 2; ++g) {
                    next[i][g] = a[i][0] * by[0][g] + a[i][1] * by[1][g] + b[i][g];
                }
            }
            by = next;
            for (std::size_t g = 0; g < 2; ++g) {
                for (std::size_t i = 0; i < 2; ++i) {
                    total[g] -= 2 * (s[i] - c[i]) * by[i][g] / static_cast<double>(windows);
                }
            }
        }
        return total;
    }
};
static_assert(WindowTask<Linear>);
static_assert(WindowStrategy<NoiseReuse<windows>> && WindowStrategy<NoiseReuse<1>>);

/// Notes every estimate, once first lives, which are cut short, are over.
struct Noted : NoiseReuse<windows> {
    using NoiseReuse<windows>::NoiseReuse;
    std::shared_ptr<std::vector<std::vector<double>>> estimates =
        std::make_shared<std::vector<std::vector<double>>>();
    void tell(State& state, Key key, std::span<const double> fitness) const {
        if (state.generation >= windows) estimates->push_back(estimate(state, key, fitness));
        NoiseReuse<windows>::tell(state, key, fitness);
    }
};

using Loop = WindowEvolution<NoiseReuse<windows>, Linear>;

std::vector<float> evolve(int threads, std::size_t generations, std::size_t reuse = 0) {
    Loop loop(NoiseReuse<windows>({.members = 12, .reuse = reuse}), Linear{}, Key(1), threads);
    loop.run(generations, [](const auto&, const auto&) { return true; });
    return loop.state().mean;
}

using Student = Learner<Network<Input<4>, Dense<8, Relu>, Dense<2, Softmax>>,
                        TopDownNetwork<ClassificationSignal<2>, Hidden<2>, GaussianDiffusion<4>>>;
using Work = TrainingTask<Student, 16>;

}  // namespace

TEST_CASE("the estimate of evolution in windows is unbiased", "[evolution]") {
    // 4,000 estimates, of which each is compared at 5 standard errors: false alarms below 1e-5.
    const std::size_t reuse = GENERATE(0U, 1U, 2U);
    const Noted strategy({.members = 20, .sigma = 0.2F, .rate = 0, .reuse = reuse});
    WindowEvolution<Noted, Linear> loop(strategy, Linear{}, Key(7), 1);
    loop.run(4000 + windows, [](const auto&, const auto&) { return true; });
    const Numbers expected = Linear::gradient({double{0.3F}, 0.0});
    const auto& estimates = *strategy.estimates;
    REQUIRE(estimates.size() == 4000);
    for (std::size_t gene = 0; gene < 2; ++gene) {
        // Neighbours in time share noise: the spread is that of means over whole lives.
        std::vector<double> blocks;
        for (std::size_t first = 0; first + 20 <= estimates.size(); first += 20) {
            double total = 0;
            for (std::size_t i = 0; i < 20; ++i) total += estimates[first + i][gene] / 20;
            blocks.push_back(total);
        }
        double mean = 0;
        for (const double value : blocks) mean += value / static_cast<double>(blocks.size());
        double power = 0;
        for (const double value : blocks) power += (value - mean) * (value - mean);
        const auto n = static_cast<double>(blocks.size());
        const double error = std::sqrt(power / (n - 1) / n);
        CAPTURE(reuse, gene, mean, error);
        CHECK(std::abs(expected[gene]) > 20 * error);
        CHECK(std::abs(mean - expected[gene]) < 5 * error);
    }
}

TEST_CASE("evolution in windows finds the best genome of a life", "[evolution]") {
    // The least of |gradient| and a life's fitness, whatever the noise is reused for.
    for (const std::size_t reuse : {std::size_t{0}, std::size_t{1}}) {
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
            Loop loop(
                NoiseReuse<windows>({.members = 16, .sigma = 0.05F, .rate = 0.02, .reuse = reuse}),
                Linear{}, Key(seed), 1);
            loop.run(500, [](const auto&, const auto&) { return true; });
            const auto& mean = loop.state().mean;
            const Numbers slope = Linear::gradient({double{mean[0]}, double{mean[1]}});
            const Numbers before = Linear::gradient({double{0.3F}, 0.0});
            CHECK(std::hypot(slope[0], slope[1]) < 0.25 * std::hypot(before[0], before[1]));
        }
    }
}

TEST_CASE("windows give the same bits on any number of threads and ranks", "[evolution]") {
    const auto one = evolve(1, 13);
    CHECK(one != evolve(1, 13, 1));
    for (const int threads : {2, 4}) CHECK(one == evolve(threads, 13));
    for (const std::size_t count : {2U, 4U}) {
        std::vector<std::vector<float>> means(count);
        ThreadRanks::run(count, [&](const ThreadRanks& ranks) {
            WindowEvolution<NoiseReuse<windows>, Linear, ThreadRanks> loop(
                NoiseReuse<windows>({.members = 12}), Linear{}, Key(1), 1, ranks);
            loop.run(13, [](const auto&, const auto&) { return true; });
            means[ranks.rank()] = loop.state().mean;
        });
        for (const auto& mean : means) CHECK(mean == one);
    }
}

TEST_CASE("a run in windows resumes in mid-life, bit for bit, from a file", "[evolution]") {
    const auto whole = evolve(1, 13, 2);
    const tdca::testing::TemporaryFolder folder;
    for (const std::size_t stop : {1U, 4U, 7U, 12U}) {
        const NoiseReuse<windows> strategy({.members = 12, .reuse = 2});
        Loop first(strategy, Linear{}, Key(1), 1);
        first.run(stop, [](const auto&, const auto&) { return true; });
        save_checkpoint<NoiseReuse<windows>>(folder.path() / "run", first.state(), Key(1), "");
        Loop second(strategy, Linear{}, Key(1), 2);
        second.resume(load_checkpoint<NoiseReuse<windows>>(folder.path() / "run", 2, Key(1), ""));
        second.run(13, [](const auto&, const auto&) { return true; });
        CHECK(whole == second.state().mean);
    }
    Loop other(NoiseReuse<windows>({.members = 12}), Linear{}, Key(1), 1);
    auto state = other.state();
    state.past[2].push_back(0);
    CHECK_THROWS_WITH(other.resume(state), Catch::Contains("mean_3_ago"));
}

TEST_CASE("pairs are out of step, share their noise for life and their sign not", "[evolution]") {
    const NoiseReuse<windows> strategy({.members = 20, .sigma = 1});
    auto state = strategy.init(std::vector<float>(3, 0.0F));
    std::array<std::size_t, windows> ages{};
    for (std::size_t member = 0; member < 20; ++member) ++ages[strategy.age(100, member)];
    for (const std::size_t members : ages) CHECK(members == 4);
    std::vector<float> now(3);
    std::vector<float> next(3);
    std::vector<float> other(3);
    for (std::size_t generation = 0; generation < 12; ++generation) {
        strategy.ask(state, Key(1), 6, now);
        strategy.ask(state, Key(1), 7, other);
        for (std::size_t i = 0; i < 3; ++i) CHECK(now[i] == -other[i]);
        // Fitness that is not finite moves nothing.
        strategy.tell(state, Key(1),
                      std::vector<double>(20, std::numeric_limits<double>::infinity()));
        CHECK(state.mean == std::vector<float>(3, 0.0F));
        strategy.ask(state, Key(1), 6, next);
        CHECK((now == next) == (strategy.age(generation + 1, 6) != 0));
        strategy.recall(state, Key(1), 6, 1, other);
        CHECK(other == now);
    }
}

TEST_CASE("broken windows are counted and count for nothing", "[evolution]") {
    Loop loop(NoiseReuse<windows>({.members = 12, .sigma = 0.05F}), Linear{true}, Key(1), 1);
    std::size_t broken = 0;
    loop.run(20, [&](const GenerationReport& report, const auto&) {
        broken += report.broken;
        return true;
    });
    CHECK(broken > 20);
    for (const float gene : loop.state().mean) CHECK(std::isfinite(gene));
}

TEST_CASE("impossible settings of windows are refused by name", "[evolution]") {
    using Strategy = NoiseReuse<windows>;
    CHECK_THROWS_WITH(Strategy({.members = 7}), Catch::Contains("even"));
    CHECK_THROWS_WITH(Strategy({.sigma = 0}), Catch::Contains("sigma"));
    CHECK_THROWS_WITH(Strategy({.rate = -1}), Catch::Contains("rate"));
    CHECK_THROWS_WITH(Strategy({.mean_decay = 1}), Catch::Contains("Adam"));
    CHECK_THROWS_WITH(Strategy({.limit = -1}), Catch::Contains("limit"));
}

TEST_CASE("a lifetime in windows under one genome is the lifetime as a whole", "[evolution]") {
    const Dataset data = halves(96, Key(4));
    const Work task(all(data), all(data), {50, 31}, 64);
    auto workspace = task.workspace();
    Student::Genome genome;
    Student::initialize(genome, Key(3));
    Student::Genome other = genome;
    other.get<"plasticity">().get<"logit_decays">()[0] -= 2;
    other.get<"top_down">().get<"wiring">().get<"log_restraint">()[0] += 2;
    for (const std::size_t count : {1U, 3U, 7U}) {
        const LifetimeId id{Key(5), 1};
        auto life = task.life();
        auto changed = task.life();
        double fitness = 0;
        double under_other = 0;
        for (std::size_t window = 0; window < count; ++window) {
            fitness += task.live_window(id, {window, count}, genome, life, workspace);
            under_other += task.live_window(id, {window, count}, window == 0 ? genome : other,
                                            changed, workspace);
        }
        CHECK(fitness == Approx(task.lifetime(id, genome, workspace)).epsilon(1e-12));
        CHECK(life.fitness == task.lifetime(id, genome, workspace));
        // Genes that are decoded once a life count from the window on in which they change.
        CHECK((life.fitness == changed.fitness) == (count == 1));
        CHECK(under_other == Approx(changed.fitness).epsilon(1e-12));
        CHECK(life.state.front().age == 31);
    }
}
