// FunctionOptimization and optimize: lifetimes, and the call that users reach for.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <vector>

#include "tdca/concepts/task.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/optimization/function_optimization.hpp"
#include "tdca/optimization/optimize.hpp"

using namespace tdca;

namespace {

using Lives = FunctionOptimization<>;
static_assert(Task<Lives>);

LandscapeRange small_range() {
    LandscapeRange range;
    range.functions = {&find_test_function("sphere"), &find_test_function("himmelblau")};
    range.lifetimes = 4;
    range.most_dimensions = 4;
    range.fewest_evaluations = 50;
    range.most_evaluations = 150;
    return range;
}

double bowl(std::span<const double> x) {
    double sum = 0;
    for (const double v : x) sum += (v - 1) * (v - 1);
    return sum;
}

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("A lifetime of function optimisation is the same bits again") {
    const Lives task(small_range());
    Lives::Genome genes;
    Lives::initialize(genes, Key(1));
    auto a = task.workspace();
    auto b = task.workspace();
    for (std::size_t index = 0; index < 8; ++index) {
        const double once = task.lifetime({Key(5) / index, index}, genes, a);
        CHECK(task.lifetime({Key(5) / index, index}, genes, b) == once);
        CHECK(std::isfinite(once));
        CHECK(once <= 12.0);
    }
}

TEST_CASE("Evolution improves a search, with equal bits on 1 and 2 threads") {
    const auto evolve = [](int threads) {
        Evolution<Snes, Lives> run(Snes({.members = 16}), Lives(small_range()), Key(3), threads);
        const auto before = run.genome();
        run.run(12, [](const auto&, const auto&) { return true; });
        return std::tuple{run.judge(before, Key(7), 40), run.judge(run.genome(), Key(7), 40),
                          run.state().mean};
    };
    const auto [before, after, genome] = evolve(1);
    // Fitness spreads by 1.5 over 160 lifetimes, the same for both: the difference by about 0.1.
    CHECK(after > before + 0.3);
    CHECK(std::get<2>(evolve(2)) == genome);
}

TEST_CASE("Ranges without functions or that descend are refused") {
    LandscapeRange range = small_range();
    range.functions.clear();
    CHECK_THROWS_WITH(Lives(range), Catch::Contains("no function"));
    range = small_range();
    range.most_evaluations = 10;
    CHECK_THROWS_WITH(Lives(range), Catch::Contains("evaluations"));
}

TEST_CASE("optimize minimises with the genome that comes with the library") {
    // 8 seeds, a bowl and a function of many minima.
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const Optimum found =
            optimize(bowl, Box::cube(10, -5, 5), {.evaluations = 800, .seed = seed});
        CHECK(found.value < 1e-2);
        CHECK(bowl(found.point) == found.value);
        CHECK(found.ending == Ending::budget);
        CHECK(found.evaluations == 800);
    }
}

TEST_CASE("The genome in the header is the one in the file") {
    const auto file =
        load_genome<Search<>::Genome>(TDCA_GENOME_FOLDER "/optimizer.safetensors").genome;
    std::vector<float> from_file(Search<>::Genome::count);
    std::vector<float> from_header(Search<>::Genome::count);
    file.write(std::span<float, Search<>::Genome::count>(from_file));
    shipped_optimizer().write(std::span<float, Search<>::Genome::count>(from_header));
    CHECK(from_file == from_header);
}

TEST_CASE("optimize gives the same bits for any number of threads, and for batches") {
    const Box box = Box::cube(5, -5, 5);
    const Optimum one = optimize(bowl, box, {.evaluations = 300});
    const Optimum four = optimize(bowl, box, {.evaluations = 300, .threads = 4});
    const Optimum batch = optimize(
        [](std::span<const double> points, std::span<double> values) {
            for (std::size_t p = 0; p < values.size(); ++p) {
                values[p] = bowl(points.subspan(p * 5, 5));
            }
        },
        box, {.evaluations = 300});
    CHECK(four.point == one.point);
    CHECK(batch.point == one.point);
}

TEST_CASE("An objective in single precision is given points that single precision has") {
    bool inside = true;
    const auto single = [&](std::span<const float> x) {
        float sum = 0;
        for (const float v : x) {
            inside = inside && static_cast<double>(v) >= -0.1 && static_cast<double>(v) <= 0.1;
            sum += (v - 0.05F) * (v - 0.05F);
        }
        return sum;
    };
    const Optimum found = optimize(single, Box::cube(5, -0.1, 0.1), {.evaluations = 600});
    CHECK(inside);
    const std::vector<float> point(found.point.begin(), found.point.end());
    CHECK(std::vector<double>(point.begin(), point.end()) == found.point);
    CHECK(static_cast<double>(single(point)) == found.value);
    const Optimum batch = optimize(
        [&](std::span<const float> points, std::span<float> values) {
            for (std::size_t p = 0; p < values.size(); ++p) {
                values[p] = single(points.subspan(p * 5, 5));
            }
        },
        Box::cube(5, -0.1, 0.1), {.evaluations = 600});
    CHECK(batch.point == found.point);
}

TEST_CASE("A fixed coordinate that single precision lacks stays in the box", "[fault]") {
    float seen = 0;
    const auto single = [&](std::span<const float> x) {
        seen = x[0];
        return x[1] * x[1];
    };
    for (const Box& box : {Box::of({Variable::fixed(0.1), Variable::real(-1, 1)}),
                           Box::of({Variable::fixed(0.1), Variable::fixed(0.2)})}) {
        const Optimum found = optimize(single, box, {.evaluations = 60});
        CHECK(found.point[0] == 0.1);
        CHECK_NOTHROW(box.require_inside("found", found.point));
        CHECK(seen == 0.1F);
    }
    for (const double beyond : {1e300, -1e39}) {
        CHECK_THROWS_WITH(
            optimize(single, Box::of({Variable::fixed(beyond), Variable::real(-1, 1)})),
            Catch::Contains("Box, coordinate 0: single precision has no number"));
        CHECK_NOTHROW(optimize([](std::span<const double> x) { return x[1]; },
                               Box::of({Variable::fixed(beyond), Variable::real(-1, 1)}),
                               {.evaluations = 20}));
    }
}

TEST_CASE("Nothing that is known reaches no target, and violations that are no numbers are told",
          "[fault]") {
    const double infinite = std::numeric_limits<double>::infinity();
    const Box box = Box::cube(2, -5, 5);
    const Optimum none =
        optimize([](auto) { return not_a_number; }, box, {.evaluations = 40, .target = infinite});
    CHECK(none.ending == Ending::budget);
    for (const double violation : {not_a_number, infinite}) {
        const Optimum found = optimize(
            [&](std::span<const double> x) {
                return Constrained{x[0], violation};
            },
            box, {.evaluations = 40, .target = infinite});
        CHECK(found.ending == Ending::budget);
        CHECK(found.evaluations == 40);
        CHECK(found.value == infinite);
        CHECK(found.violation == infinite);
        CHECK(found.invalid == 0);
        CHECK(found.invalid_violations == 40);
        CHECK(found.message ==
              "ended after 40 of 40 evaluations: the budget is spent; 40 violations were not "
              "finite; no violation was finite");
    }
    std::size_t count = 0;
    const Optimum some = optimize(
        [&](std::span<const double> x) {
            return Constrained{bowl(x), ++count % 4 == 0 ? not_a_number : -infinite};
        },
        box, {.evaluations = 40});
    CHECK(some.invalid_violations == 10);
    CHECK(some.violation == 0);
    CHECK(some.message.ends_with("10 violations were not finite"));
    // A finite value without violation is at an infinite target.
    CHECK(optimize(bowl, box, {.evaluations = 40, .target = infinite}).ending == Ending::target);
}

TEST_CASE("The mean of values near the end of double precision is finite", "[fault]") {
    const std::vector<double> values{1.2e308, 1.2e308, not_a_number, 1.5e308};
    CHECK(mean_of(values, {}).value == Approx(1.3e308));
    CHECK(mean_of(std::vector<double>{-1.2e308, -1.4e308}, {}).value == Approx(-1.3e308));
    const auto found = optimize([](std::span<const double> x) { return 1.2e308 + 1e300 * x[0]; },
                                Box::cube(1, -5, 5), {.evaluations = 400, .is_noisy = true});
    CHECK(found.value == Approx(1.2e308));
}

TEST_CASE("optimize takes constraints, noise and a start that is known") {
    const Optimum held = optimize(
        [](std::span<const double> x) {
            return Constrained{-x[0] - x[1], x[0] * x[0] + x[1] * x[1] - 1};
        },
        Box::cube(2, -3, 3), {.evaluations = 2000});
    CHECK(held.violation == 0);
    CHECK(held.value == Approx(-std::sqrt(2.0)).margin(0.02));
    const Optimum never = optimize(
        [](auto x) {
            return Constrained{0, 2 + bowl(x)};
        },
        Box::cube(2, -3, 3), {.evaluations = 500, .target = 5});
    CHECK(never.violation == Approx(2).margin(0.1));
    CHECK(never.ending == Ending::budget);
    const Optimum known = optimize(bowl, Box::cube(3, -3, 3),
                                   {.evaluations = 50, .start = {1, 1, 1}, .start_value = 0});
    CHECK(known.point == std::vector<double>{1, 1, 1});
    CHECK(known.evaluations == 50);
    std::uint64_t count = 0;
    const Optimum noisy =
        optimize([&](std::span<const double> x) { return bowl(x) + Key(3).uniform(count++); },
                 Box::cube(3, -3, 3), {.evaluations = 1000, .is_noisy = true});
    CHECK(noisy.value == Approx(bowl(noisy.point) + 0.5).margin(0.3));
    CHECK(noisy.evaluations == 1000);
}

TEST_CASE("optimize ends at its target, at its patience, and when the watcher says so") {
    const Box box = Box::cube(4, -5, 5);
    const Optimum target = optimize(bowl, box, {.evaluations = 5000, .target = 0.5});
    CHECK(target.ending == Ending::target);
    CHECK(target.value <= 0.5);
    CHECK(target.evaluations < 2000);
    const Optimum patient =
        optimize([](auto) { return 1.0; }, box, {.evaluations = 5000, .patience = 200});
    CHECK(patient.ending == Ending::patience);
    CHECK(patient.evaluations < 500);
    std::size_t calls = 0;
    const Optimum stopped =
        optimize(bowl, box, {.evaluations = 5000, .watch = [&](const OptimizeReport& now) {
                                 CHECK(now.point.size() == 4);
                                 return ++calls < 3;
                             }});
    CHECK(stopped.ending == Ending::stopped);
    CHECK(calls == 3);
    CHECK(stopped.message.find("watcher") != std::string::npos);
}

TEST_CASE("optimize survives objectives that throw, and says what they said") {
    for (const int threads : {1, 3}) {
        std::atomic<int> calls = 0;
        const Optimum found = optimize(
            [&](std::span<const double> x) {
                if (++calls > 200) throw std::runtime_error("the oven is cold");
                return bowl(x);
            },
            Box::cube(3, -5, 5), {.evaluations = 1000, .threads = threads});
        CHECK(found.ending == Ending::exception);
        CHECK(found.message.find("the oven is cold") != std::string::npos);
        CHECK(found.evaluations >= 190);
        CHECK(found.evaluations <= 200);
        CHECK(found.invalid == 0);
        CHECK(found.value < 10.0);
        CHECK(bowl(found.point) == found.value);
    }
    const Optimum odd =
        optimize([](std::span<const double>) -> double { throw 3; }, Box::cube(3, -5, 5));
    CHECK(odd.ending == Ending::exception);
    CHECK(odd.value == std::numeric_limits<double>::infinity());
}

TEST_CASE("optimize counts what was evaluated before the objective threw", "[fault]") {
    for (const auto& [thrown_at, broken_at] : {std::pair{4, 2}, {1, 0}, {2, 1}, {40, 39}}) {
        int call = 0;
        std::vector<double> best;
        const Optimum found = optimize(
            [&, at = thrown_at, broken = broken_at](std::span<const double> x) {
                if (++call == at) throw std::runtime_error("no");
                if (call == broken) return not_a_number;
                if (best.empty() || bowl(x) < bowl(best)) best.assign(x.begin(), x.end());
                return bowl(x);
            },
            Box::cube(3, -5, 5), {.evaluations = 100});
        CHECK(found.evaluations == static_cast<std::size_t>(thrown_at - 1));
        CHECK(found.invalid == (broken_at > 0 ? 1U : 0U));
        CHECK(found.ending == Ending::exception);
        CHECK(found.message.find("after " + to_text(thrown_at - 1) + " of 100") !=
              std::string::npos);
        if (!best.empty()) {
            CHECK(found.point == best);
            CHECK(found.value == bowl(best));
        }
    }
    // Nobody knows which values of a batch are there.
    int call = 0;
    const Optimum batch = optimize(
        [&](std::span<const double>, std::span<double> values) {
            std::ranges::fill(values, 1.0);
            values[0] = 0;
            if (++call == 3) throw std::runtime_error("no");
        },
        Box::cube(3, -5, 5), {.evaluations = 1000});
    CHECK(batch.evaluations % 2 == 0);
    CHECK(batch.invalid == 0);
}

TEST_CASE("optimize never gives its objective what is not in the box", "[fault]") {
    for (const auto& [low, high] :
         {std::pair{-2e38, 2e38}, {-3.4028235e+38, 3.4028235e+38}, {0.0, 1e-45}, {2.0, 2.0}}) {
        bool inside = true;
        const Optimum found = optimize(
            [&, from = low, to = high](std::span<const double> x) {
                inside = inside && x[0] >= from && x[0] <= to;
                return x[0] / 4;
            },
            Box::cube(1, low, high), {.evaluations = 200});
        CHECK(inside);
        CHECK(found.point[0] >= low);
        CHECK(found.point[0] <= high);
        CHECK(found.value == found.point[0] / 4);
    }
}

TEST_CASE("optimize with fixed coordinates finds what the others come to", "[fault]") {
    const Box box{{1, -5, 3}, {1, 5, 3}};
    const Optimum found = optimize(bowl, box, {.evaluations = 400});
    CHECK(found.point[0] == 1);
    CHECK(found.point[2] == 3);
    CHECK(found.value < 1e-3 + bowl(std::vector<double>{1, 0, 3}));
    const Optimum nothing = optimize(bowl, Box::cube(2, 2, 2));
    CHECK(nothing.evaluations == 1);
    CHECK(nothing.ending == Ending::collapse);
    CHECK(nothing.point == std::vector<double>{2, 2});
}

TEST_CASE("optimize refuses targets and threads that make no sense, and ends at a target",
          "[fault]") {
    const Box box = Box::cube(3, -5, 5);
    CHECK_THROWS_WITH(optimize(bowl, box, {.target = not_a_number}), Catch::Contains("target"));
    CHECK_THROWS_WITH(optimize(bowl, box, {.threads = 0}), Catch::Contains("thread"));
    CHECK_THROWS_WITH(optimize(bowl, box, {.start = {0, 0, 5.5}}), Catch::Contains("coordinate 2"));
    const Optimum found = optimize(
        bowl, box, {.evaluations = std::numeric_limits<std::size_t>::max(), .target = 0.01});
    CHECK(found.ending == Ending::target);
    CHECK(found.evaluations < 5000);
}

TEST_CASE("A range of landscapes that cannot be counted is refused", "[fault]") {
    const auto told = [](const char* what, const auto& change) {
        LandscapeRange range = small_range();
        change(range);
        CHECK_THROWS_WITH(range.check(), Catch::Contains(what));
    };
    for (const double wrong : {1e30, std::numeric_limits<double>::infinity(), std::nan("")}) {
        told("evaluations", [&](auto& range) { range.most_evaluations = wrong; });
        told("dimensions", [&](auto& range) { range.most_dimensions = wrong; });
        told("turned", [&](auto& range) { range.rotated = wrong; });
        told("flattened", [&](auto& range) { range.stretched = wrong; });
        told("most_condition", [&](auto& range) { range.most_condition = wrong * 1e300; });
    }
}

TEST_CASE("A range of landscapes without functions or lifetimes is refused") {
    LandscapeRange range = small_range();
    range.functions.clear();
    CHECK_THROWS_WITH(range.check(), "LandscapeRange: no functions (expected at least 1, found 0)");
    range = small_range();
    range.lifetimes = 0;
    CHECK_THROWS_WITH(range.check(), "LandscapeRange: no lifetimes (expected at least 1, found 0)");
}

TEST_CASE("optimize counts values that are not finite and says so") {
    std::size_t count = 0;
    const Optimum some = optimize(
        [&](std::span<const double> x) { return ++count % 4 == 0 ? not_a_number : bowl(x); },
        Box::cube(3, -5, 5), {.evaluations = 400});
    CHECK(some.invalid == 100);
    CHECK(some.value < 0.1);
    CHECK(some.message.find("100 values were not finite") != std::string::npos);
    const Optimum none = optimize([](auto) { return not_a_number; }, Box::cube(3, -5, 5));
    CHECK(none.message.find("no value was finite") != std::string::npos);
    CHECK(none.point.size() == 3);
}

TEST_CASE("optimize runs in 1,000 dimensions, and random points are far worse") {
    const Box box = Box::cube(1000, -5, 5);
    const Optimum found = optimize(bowl, box, {.evaluations = 3000});
    std::vector<double> x(1000);
    double random = std::numeric_limits<double>::infinity();
    for (std::uint64_t k = 0; k < 3000; ++k) {
        (Key(3) / k).fill_uniform(std::span<double>(x), -5.0, 5.0);
        random = std::fmin(random, bowl(x));
    }
    CHECK(found.value < 0.8 * random);
}

TEST_CASE("A start whose value is known survives an objective that throws", "[fault]") {
    int calls = 0;
    const Optimum found = optimize(
        [&](std::span<const double> x) {
            if (++calls == 4) throw std::runtime_error("no");
            return 5 + bowl(x);
        },
        Box::cube(2, -5, 5), {.evaluations = 50, .start = {0, 0}, .start_value = -7});
    CHECK(found.value == -7);
    CHECK(found.point == std::vector<double>{0, 0});
    CHECK(found.evaluations == 3);
}

TEST_CASE("The start of an objective in single precision is one that it has", "[fault]") {
    std::vector<float> seen;
    const Optimum found = optimize(
        [&](std::span<const float> x) {
            if (seen.empty()) seen.assign(x.begin(), x.end());
            return x[0] < 0.05F ? 1.0F : 0.0F;
        },
        Box::cube(1, 0, 0.1), {.evaluations = 1, .start = {0.1}});
    CHECK(static_cast<double>(seen[0]) <= 0.1);
    CHECK(found.point[0] == static_cast<double>(seen[0]));
}

TEST_CASE("A violation that is NaN is the worst, with noise too", "[fault]") {
    for (const bool is_noisy : {false, true}) {
        const Optimum found = optimize(
            [](std::span<const double> x) {
                return Constrained{x[0], std::nan("")};
            },
            Box::cube(2, -1, 1), {.evaluations = 100, .is_noisy = is_noisy});
        CHECK(found.value == std::numeric_limits<double>::infinity());
        CHECK(found.message.find("no value was finite") == std::string::npos);
    }
}

TEST_CASE("The smallest noisy budgets end at the centre, or the start", "[fault]") {
    for (const std::size_t budget : {1U, 2U, 3U}) {
        std::vector<double> last;
        const Optimum found = optimize(
            [&](std::span<const double> x) {
                last.assign(x.begin(), x.end());
                return -static_cast<double>(last[0]);
            },
            Box::cube(1, -1, 1), {.evaluations = budget, .start = {0.25}, .is_noisy = true});
        CHECK(found.evaluations == budget);
        if (budget > 1) CHECK(found.point == last);
    }
}
