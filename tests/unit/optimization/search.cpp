// Search: budgets, bounds, lives, memory, and the same bits.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "support/allocations.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/optimization/search.hpp"

using namespace tdca;

namespace {

Search<>::Genome initial() {
    Search<>::Genome genome;
    Search<>::initialize(genome, Key(1));
    return genome;
}

Search<>::Genome random_genome(std::uint64_t seed, float size) {
    Search<>::Genome genome = initial();
    std::vector<float> genes(Search<>::Genome::count);
    std::vector<float> noise(Search<>::Genome::count);
    genome.write(std::span<float, Search<>::Genome::count>(genes));
    Key(seed).fill_normal(std::span<float>(noise));
    for (std::size_t i = 0; i < genes.size(); ++i) genes[i] += size * noise[i];
    genome.read(std::span<const float, Search<>::Genome::count>(genes));
    return genome;
}

double bowl(std::span<const double> x) {
    double sum = 0;
    for (const double v : x) sum += (v - 1) * (v - 1);
    return sum;
}

/// Runs to the end; returns every value told.
template <class Objective>
std::vector<double> finish(Search<>& search, std::size_t n, Objective&& objective) {
    std::vector<double> all;
    std::vector<double> values;
    while (!search.done()) {
        const auto points = search.ask();
        values.resize(search.asked());
        for (std::size_t p = 0; p < values.size(); ++p) {
            values[p] = objective(points.subspan(p * n, n));
        }
        search.tell(values);
        all.insert(all.end(), values.begin(), values.end());
    }
    return all;
}

}  // namespace

TEST_CASE("A search uses exactly its budget and reports the lowest value that it was told") {
    for (const std::size_t budget : {1U, 5U, 100U, 333U}) {
        for (const std::size_t n : {1U, 3U, 50U}) {
            Search<> search;
            search.begin(initial(), Box::cube(n, -4, 6), {budget, {}, true}, Key(2));
            const auto values = finish(search, n, bowl);
            CHECK(values.size() == budget);
            CHECK(search.evaluations() == budget);
            CHECK(search.best_value() == *std::min_element(values.begin(), values.end()));
            CHECK(bowl(search.best_point()) == search.best_value());
        }
    }
}

TEST_CASE("Before evolution a search already descends a bowl") {
    // 8 seeds; random points would reach about 2.
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Search<> search;
        search.begin(initial(), Box::cube(4, -4, 6), {800, {}, true}, Key(seed));
        finish(search, 4, bowl);
        CHECK(search.best_value() < 0.01);
    }
}

TEST_CASE("With values that are noise a search finds nothing") {
    // Control: what is learned comes from the objective.
    double told = 0;
    double noise = 0;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Search<> search;
        std::vector<double> centre(4);
        search.begin(initial(), Box::cube(4, -4, 6), {800, {}, false}, Key(seed));
        finish(search, 4, bowl);
        search.centre(centre);
        told += bowl(centre) / 8;
        search.begin(initial(), Box::cube(4, -4, 6), {800, {}, false}, Key(seed));
        std::uint64_t count = 0;
        finish(search, 4, [&](auto) { return ((Key(77) / seed).uniform(count++)); });
        search.centre(centre);
        noise += bowl(centre) / 8;
    }
    CHECK(told < 0.1);
    CHECK(noise > 2);
}

TEST_CASE("Points never leave the box, under any genome") {
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
        Search<> search;
        const Box box{{-1, 100, 1e-3}, {2, 101, 2e-3}};
        search.begin(random_genome(seed, seed < 6 ? 0.5 : 20.0), box, {600, {}, true}, Key(seed));
        bool inside = true;
        finish(search, 3, [&](std::span<const double> x) {
            for (std::size_t i = 0; i < 3; ++i) {
                inside = inside && x[i] >= box.variables[i].low && x[i] <= box.variables[i].high;
            }
            return x[0];
        });
        CHECK(inside);
        CHECK(std::isfinite(search.best_value()));
    }
}

TEST_CASE("A search begins where it is told") {
    Search<> search;
    std::vector<double> centre(2);
    search.begin(initial(), Box::cube(2, -10, 10), {100, {3, -7}, true}, Key(1));
    search.centre(centre);
    CHECK(centre[0] == Approx(3));
    CHECK(centre[1] == Approx(-7));
}

TEST_CASE("A search that forgets its best point takes the next batch's") {
    Search<> search;
    search.begin(initial(), Box::cube(3, -1, 1), {.evaluations = 200}, Key(1));
    const auto tell = [&search](double value) {
        const std::vector<double> points(search.ask().begin(), search.ask().end());
        const std::vector<double> values(points.size() / 3, value);
        search.tell(values);
        return points;
    };
    tell(1);
    tell(2);
    CHECK(search.best_value() == 1);
    const std::size_t spent = search.evaluations();
    search.forget_best();
    CHECK(std::isinf(search.best_value()));
    CHECK(search.evaluations() == spent);
    const auto third = tell(3);
    CHECK(search.best_value() == 3);
    CHECK(std::equal(search.best_point().begin(), search.best_point().end(), third.begin()));
}

TEST_CASE("A collapsed search restarts elsewhere, or ends where restarts are forbidden") {
    Search<>::Genome genome = initial();
    // Shrink by exp(−2) at every update.
    auto linear = genome.get<"top_down">().get<"clock">().get<"linear">();
    linear[2 * SearchMood::size + SearchMood::size - 1] = -50.0;
    Search<> search;
    search.begin(genome, Box::cube(3, -4, 6), {2000, {}, true}, Key(1));
    finish(search, 3, bowl);
    CHECK(search.lives() > 5);
    CHECK(search.evaluations() == 2000);
    search.begin(genome, Box::cube(3, -4, 6), {2000, {}, false}, Key(1));
    finish(search, 3, bowl);
    CHECK(search.lives() == 1);
    CHECK(search.evaluations() < 400);
}

TEST_CASE("A search sees no more of an objective than the order of its values") {
    // Rastrigin's function, moved; through increasing functions: the same points, bit for bit.
    const auto bumpy = [](std::span<const double> x) {
        double sum = 0;
        for (const double v : x) {
            sum += (v - 1) * (v - 1) + 10 - 10 * std::cos(6.283185307179586 * (v - 1));
        }
        return sum;
    };
    const std::vector<std::function<double(double)>> functions{
        [](double v) { return std::exp(v / 10); }, [](double v) { return std::log(v + 1e-3); },
        [](double v) { return std::sqrt(v) * v; }, [](double v) { return 8 * v - 1024; }};
    Search<> plain;
    plain.begin(initial(), Box::cube(10, -4, 6), {2000, {}, true}, Key(6));
    finish(plain, 10, bumpy);
    for (const auto& function : functions) {
        Search<> steep;
        steep.begin(initial(), Box::cube(10, -4, 6), {2000, {}, true}, Key(6));
        finish(steep, 10, [&](std::span<const double> x) { return function(bumpy(x)); });
        CHECK(std::ranges::equal(steep.best_point(), plain.best_point()));
        CHECK(steep.lives() == plain.lives());
    }
    // Cut off far above: ties of what is bad change little.
    std::vector<double> cut;
    std::vector<double> whole;
    for (std::uint64_t seed = 0; seed < 9; ++seed) {
        for (auto* const results : {&cut, &whole}) {
            Search<> search;
            search.begin(initial(), Box::cube(4, -4, 6), {800, {}, true}, Key(seed));
            finish(search, 4, [&](std::span<const double> x) {
                return results == &cut ? std::fmin(bumpy(x), 60.0) : bumpy(x);
            });
            results->push_back(search.best_value());
        }
    }
    std::ranges::sort(cut);
    std::ranges::sort(whole);
    CHECK(cut[4] < 2 * whole[4] + 2);
}

TEST_CASE("A search ends as near to a minimum as double precision can tell") {
    const std::vector<std::function<double(std::span<const double>)>> functions{
        [](std::span<const double> x) {  // a sphere
            return std::inner_product(x.begin(), x.end(), x.begin(), 0.0);
        },
        [](std::span<const double> x) {  // an ellipsoid, of condition a million
            double sum = 0;
            for (std::size_t i = 0; i < x.size(); ++i) {
                sum += std::pow(1e6, static_cast<double>(i) / 9) * (x[i] - 1) * (x[i] - 1);
            }
            return sum;
        },
        [](std::span<const double> x) {  // Rosenbrock's
            double sum = 0;
            for (std::size_t i = 0; i + 1 < x.size(); ++i) {
                sum += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
            }
            return sum;
        }};
    for (const auto& function : functions) {
        std::vector<double> found;
        for (std::uint64_t seed = 0; seed < 5; ++seed) {
            Search<> search;
            search.begin(initial(), Box::cube(10, -5, 5), {20'000, {}, true}, Key(seed));
            finish(search, 10, function);
            found.push_back(search.best_value());
        }
        std::ranges::sort(found);
        CHECK(found[2] < 1e-12);
    }
}

TEST_CASE("Noise: what is returned is the centre, not the luckiest point") {
    double centre_error = 0;
    double lucky_error = 0;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        for (const bool is_noisy : {true, false}) {
            Search<> search;
            search.begin(initial(), Box::cube(4, -4, 6), {.evaluations = 800, .is_noisy = is_noisy},
                         Key(seed));
            std::uint64_t count = 0;
            const auto values = finish(search, 4, [&](std::span<const double> x) {
                double luck = 0;
                (Key(5) / seed / count++).fill_normal(std::span<double>(&luck, 1));
                return bowl(x) + 2 * luck;
            });
            CHECK(values.size() == 800);
            CHECK(search.lives() == (is_noisy ? 1 : search.lives()));
            (is_noisy ? centre_error : lucky_error) += bowl(search.best_point()) / 8;
            if (is_noisy) {
                // 40 values of deviation 2: their mean is within 6 · 2 / √40 of the truth.
                CHECK(search.best_value() == Approx(bowl(search.best_point())).margin(1.9));
                CHECK(search.best_value() > *std::min_element(values.begin(), values.end()));
            }
        }
    }
    CHECK(centre_error < lucky_error);
}

TEST_CASE("Constraints: points that violate nothing are better than all others") {
    // The nearest point to (3, 3, 3) with a sum of at most 3 is (1, 1, 1).
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
        Search<> search;
        search.begin(initial(), Box::cube(3, -4, 6), {2000, {}, true}, Key(seed));
        std::vector<double> values;
        std::vector<double> violations;
        while (!search.done()) {
            const auto points = search.ask();
            values.clear();
            violations.clear();
            for (std::size_t p = 0; p < search.asked(); ++p) {
                const auto x = points.subspan(3 * p, 3);
                values.push_back(std::pow(x[0] - 3, 2) + std::pow(x[1] - 3, 2) +
                                 std::pow(x[2] - 3, 2));
                violations.push_back(x[0] + x[1] + x[2] - 3);  // negative: not violated
            }
            search.tell(values, violations);
        }
        CHECK(search.best().violation == 0);
        CHECK(search.best_value() == Approx(12).margin(0.2));
    }
    // Where nothing is feasible, the least violation.
    Search<> search;
    search.begin(initial(), Box::cube(2, -4, 6), {600, {}, true}, Key(1));
    std::vector<double> violations;
    while (!search.done()) {
        const auto points = search.ask();
        violations.clear();
        for (std::size_t p = 0; p < search.asked(); ++p) {
            violations.push_back(1 + bowl(points.subspan(2 * p, 2)));
        }
        search.tell(std::vector<double>(violations.size(), 0.0), violations);
    }
    CHECK(search.best().violation == Approx(1).margin(0.05));
}

TEST_CASE("Whole, logarithmic and periodic variables are found together") {
    const Box box =
        Box::of({Variable::whole(0, 20), Variable::logarithmic(1e-6, 1), Variable::periodic(0, 360),
                 Variable::fixed(4), Variable::real(-4, 6)});
    const auto objective = [](std::span<const double> x) {
        const double turn = std::fabs(x[2] - 355);
        return std::fabs(x[0] - 13) + std::pow(std::log10(x[1]) + 4, 2) +
               std::pow(std::fmin(turn, 360 - turn) / 40, 2) + (x[4] - 1) * (x[4] - 1);
    };
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
        Search<> search;
        search.begin(initial(), box, {2000, {}, true}, Key(seed));
        bool is_whole = true;
        finish(search, 5, [&](std::span<const double> x) {
            is_whole =
                is_whole && std::round(x[0]) == x[0] && x[3] == 4 && x[2] >= 0 && x[2] <= 360;
            return objective(x);
        });
        CHECK(is_whole);
        CHECK(search.best_point()[0] == 13);
        CHECK(search.best_value() < 0.05);
    }
}

TEST_CASE("A start whose value is known is not evaluated again") {
    Search<> search;
    search.begin(initial(), Box::cube(2, -4, 6),
                 {.evaluations = 100, .start = {1, 1}, .start_value = 0.0}, Key(1));
    CHECK(search.asked() == search.batch());
    CHECK(finish(search, 2, bowl).size() == 100);
    CHECK(search.best_value() == 0);
    CHECK(std::ranges::equal(search.best_point(), std::vector<double>{1, 1}));
    CHECK_THROWS_WITH(search.begin(initial(), Box::cube(2, -4, 6),
                                   {.evaluations = 100, .start = {}, .start_value = 0.0}, Key(1)),
                      Catch::Contains("start"));
}

TEST_CASE("Batches may grow from life to life, and memory was made for them") {
    Search<>::Genome genome = initial();
    auto birth = genome.get<"birth">();
    birth.get<"log_lives">()[0] = std::log(6.0F) / 3;
    birth.get<"log_lives">()[1] = birth.get<"log_lives">()[2] = 0;
    birth.get<"log_points">()[3] = 0.5F;
    genome.get<"birth">() = birth;
    Search<> search;
    search.begin(genome, Box::cube(3, -4, 6), {6000, {}, true}, Key(1));
    std::vector<std::size_t> sizes;
    std::vector<double> values;
    const std::size_t before = tdca::testing::allocations.load();
    bool grew = false;
    std::size_t last = search.batch();
    values.reserve(1000);
    const std::size_t after_room = tdca::testing::allocations.load();
    CHECK(after_room == before + 1);
    while (!search.done()) {
        const auto points = search.ask();
        values.resize(search.asked());
        for (std::size_t p = 0; p < values.size(); ++p) values[p] = bowl(points.subspan(p * 3, 3));
        search.tell(values);
        grew = grew || search.batch() > last;
        last = search.batch();
    }
    CHECK(tdca::testing::allocations.load() == after_room);
    CHECK(grew);
    CHECK(search.evaluations() == 6000);
}

TEST_CASE("A search is invariant under the unit of the objective and that of the box") {
    Search<> one;
    Search<> other;
    one.begin(initial(), Box::cube(3, -4, 4), {400, {}, true}, Key(6));
    other.begin(initial(), Box::cube(3, -8, 8), {400, {}, true}, Key(6));
    finish(one, 3, [](auto x) { return x[0] * x[0] + x[1] * x[1] + x[2] * x[2]; });
    finish(other, 3, [](auto x) { return 2 * (x[0] * x[0] + x[1] * x[1] + x[2] * x[2]); });
    CHECK(other.best_value() == 8 * one.best_value());
}

TEST_CASE("Values that are not finite are counted, and cost a search nothing but themselves") {
    Search<> search;
    search.begin(initial(), Box::cube(3, -4, 6), {800, {}, true}, Key(3));
    std::size_t count = 0;
    finish(search, 3, [&](std::span<const double> x) {
        ++count;
        if (count % 5 == 0) return std::numeric_limits<double>::quiet_NaN();
        if (count % 7 == 0) return -std::numeric_limits<double>::infinity();
        return bowl(x);
    });
    CHECK(search.invalid() == 800 / 5 + 800 / 7 - 800 / 35);
    CHECK(search.best_value() < 0.1);
}

TEST_CASE("An objective without a single finite value ends, with no value") {
    Search<> search;
    search.begin(initial(), Box::cube(3, -4, 6), {200, {}, true}, Key(3));
    finish(search, 3, [](auto) { return std::numeric_limits<double>::quiet_NaN(); });
    CHECK(search.invalid() == 200);
    CHECK(search.best_value() == std::numeric_limits<double>::infinity());
    CHECK(search.best_point().size() == 3);
}

TEST_CASE("Asking and telling allocate nothing") {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Search<> search;
        search.begin(initial(), Box::cube(40, -4, 6), {2000, {}, true}, Key(seed));
        std::vector<double> values(search.batch());
        const std::size_t before = tdca::testing::allocations.load();
        while (!search.done()) {
            const auto points = search.ask();
            const std::span<double> some(values.data(), search.asked());
            for (std::size_t p = 0; p < some.size(); ++p) {
                some[p] = bowl(points.subspan(p * 40, 40));
            }
            search.tell(some);
        }
        CHECK(tdca::testing::allocations.load() == before);
    }
}

TEST_CASE("A used search begins again as a new one would") {
    Search<> used;
    used.begin(initial(), Box::cube(7, -4, 6), {333, {}, true}, Key(9));
    finish(used, 7, bowl);
    Search<> fresh;
    for (Search<>* search : {&used, &fresh}) {
        search->begin(initial(), Box::cube(3, -4, 6), {200, {}, true}, Key(4));
        finish(*search, 3, bowl);
    }
    CHECK(used.best_value() == fresh.best_value());
    CHECK(std::ranges::equal(used.best_point(), fresh.best_point()));
}

TEST_CASE("Telling another number of values than was asked for is an error") {
    Search<> search;
    search.begin(initial(), Box::cube(2, 0, 1), {100, {}, true}, Key(1));
    (void)search.ask();
    const std::vector<double> values(search.asked() + 1);
    CHECK_THROWS_WITH(search.tell(values), Catch::Contains(to_text(search.asked())));
}

TEST_CASE("Values are told once for each time that points were asked for", "[fault]") {
    Search<> search;
    const auto told = Catch::Contains("not asked for");
    search.begin(initial(), Box::cube(2, 0, 1), {100, {}, true}, Key(1));
    std::vector<double> values(search.asked(), 1.0);
    CHECK_THROWS_WITH(search.tell(values), told);
    // Asking again is asking for the same points.
    const auto first = search.ask();
    const std::vector<double> points(first.begin(), first.end());
    CHECK(std::ranges::equal(search.ask(), points));
    search.tell(values);
    CHECK_THROWS_WITH(search.tell(values), told);
    // Points of another box are not this one's.
    (void)search.ask();
    search.begin(initial(), Box::cube(2, 5, 6), {100, {}, true}, Key(1));
    values.resize(search.asked());
    CHECK_THROWS_WITH(search.tell(values), told);
    CHECK(search.evaluations() == 0);
    for (const double x : search.best_point()) CHECK(x == 5.5);
    // Nor is there anything to tell at the end.
    finish(search, 2, bowl);
    CHECK_THROWS_WITH(search.tell({}), told);
}

TEST_CASE("The start is evaluated first, by itself, and a search never ends above it", "[fault]") {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        Search<> search;
        search.begin(initial(), Box::cube(3, -4, 6), {200, {1, 1, 1}, seed % 2 == 0}, Key(seed));
        CHECK(search.asked() == 1);
        CHECK(std::ranges::equal(search.ask(), std::vector<double>{1, 1, 1}));
        search.tell(std::vector<double>{0.0});
        CHECK(search.asked() == search.batch());
        finish(search, 3, bowl);
        CHECK(search.evaluations() <= 200);
        CHECK(search.best_value() == 0);
        CHECK(std::ranges::equal(search.best_point(), std::vector<double>{1, 1, 1}));
    }
    Search<> search;
    search.begin(initial(), Box::cube(3, -4, 6), {1, {1, 2, 3}, true}, Key(1));
    CHECK(finish(search, 3, bowl).size() == 1);
}

TEST_CASE("A start outside of the box is refused by its coordinate", "[fault]") {
    Search<> search;
    CHECK_THROWS_WITH(
        search.begin(initial(), Box::cube(2, 0, 1), {100, {0.5, 1.5}, true}, Key(1)),
        "SearchPlan, start: coordinate 1 is out of range (expected from 0 to 1, found "
        "1.5)");
}

TEST_CASE("The best point was evaluated, even where no value is finite", "[fault]") {
    for (const bool has_start : {false, true}) {
        Search<> search;
        const std::vector<double> start =
            has_start ? std::vector<double>{3, 3} : std::vector<double>{};
        search.begin(initial(), Box::cube(2, -4, 6), {100, start, true}, Key(1));
        std::vector<double> first;
        finish(search, 2, [&](std::span<const double> x) {
            if (first.empty()) first.assign(x.begin(), x.end());
            return std::numeric_limits<double>::quiet_NaN();
        });
        CHECK(std::ranges::equal(search.best_point(), first));
    }
}

TEST_CASE("Fixed coordinates take no part in a search", "[fault]") {
    // Without products, which compilers may fuse in one place and not in another.
    const auto cone = [](std::span<const double> x) {
        return std::fabs(x[0] - 1) + std::fabs(x[1] - 1);
    };
    Search<> whole;
    Search<> part;
    whole.begin(initial(), Box{{7, -4, -2, -4}, {7, 6, -2, 6}}, {400, {}, true}, Key(3));
    part.begin(initial(), Box::cube(2, -4, 6), {400, {}, true}, Key(3));
    bool fixed = true;
    const auto of_whole = finish(whole, 4, [&](std::span<const double> x) {
        fixed = fixed && x[0] == 7 && x[2] == -2;
        const double free[]{x[1], x[3]};
        return cone(free);
    });
    CHECK(fixed);
    CHECK(of_whole == finish(part, 2, cone));
    CHECK(whole.best_point()[0] == 7);
    std::vector<double> centre(4);
    whole.centre(centre);
    CHECK(centre[2] == -2);
    // Where nothing is free there is one point.
    whole.begin(initial(), Box::cube(3, 2, 2), {400, {}, true}, Key(3));
    CHECK(finish(whole, 3, bowl) == std::vector<double>{3});
    CHECK(whole.done());
}

TEST_CASE("A box as wide as single precision is searched inside of itself", "[fault]") {
    const double most = std::numeric_limits<double>::max();
    for (const Box& box : {Box::cube(2, -2e38, 2e38), Box::cube(2, -most, most)}) {
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
            Search<> search;
            search.begin(random_genome(seed, 0.5), box, {300, {}, true}, Key(seed));
            bool inside = true;
            finish(search, 2, [&](std::span<const double> x) {
                for (const double v : x)
                    inside = inside && v >= box.variables[0].low && v <= box.variables[0].high;
                return x[0] / 2 + x[1] / 2;
            });
            CHECK(inside);
            // Towards the corner, from values as far apart as numbers can be.
            CHECK(search.best_value() < 0.8 * box.variables[0].low);
        }
    }
}

TEST_CASE("A budget at the end of its type is spent point by point", "[fault]") {
    for (const std::size_t budget :
         {std::numeric_limits<std::size_t>::max(), std::size_t{1} << 25U}) {
        Search<> search;
        search.begin(initial(), Box::cube(2, -4, 6), {budget, {}, true}, Key(1));
        for (int batch = 0; batch < 200; ++batch) {
            const auto points = search.ask();
            std::vector<double> values(search.asked());
            for (std::size_t p = 0; p < values.size(); ++p) {
                values[p] = bowl(points.subspan(p * 2, 2));
            }
            search.tell(values);
            REQUIRE_FALSE(search.done());
        }
        CHECK(search.best_value() < 0.01);
        CHECK(search.lives() < 100);
    }
}

TEST_CASE("Boxes, starts and budgets that make no sense are named") {
    Search<> search;
    CHECK_THROWS_WITH(search.begin(initial(), Box{{0, 1}, {1, 0.5}}, {100, {}, true}, Key(1)),
                      Catch::Contains("coordinate 1"));
    CHECK_THROWS_WITH(search.begin(initial(), Box{{0, 1}, {1}}, {100, {}, true}, Key(1)),
                      Catch::Contains("2") && Catch::Contains("1"));
    CHECK_THROWS_WITH(search.begin(initial(), Box::cube(2, 0, 1), {0, {}, true}, Key(1)),
                      Catch::Contains("no evaluation"));
    CHECK_THROWS_WITH(search.begin(initial(), Box::cube(2, 0, 1), {100, {1, 2, 3}, true}, Key(1)),
                      Catch::Contains("dimension"));
    CHECK_THROWS_WITH(
        search.begin(initial(), Box::cube(2, 0, 1),
                     {100, {0, std::numeric_limits<double>::infinity()}, true}, Key(1)),
        "SearchPlan, start: coordinate 1 is out of range (expected from 0 to 1, found inf)");
    CHECK_THROWS_WITH(search.begin(initial(), Box{}, {100, {}, true}, Key(1)),
                      Catch::Contains("no coordinate"));
}
