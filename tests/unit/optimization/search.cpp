// Search: budgets, bounds, lives, memory, and the same bits.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
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

float bowl(std::span<const float> x) {
    float sum = 0;
    for (const float v : x) sum += (v - 1) * (v - 1);
    return sum;
}

/// Runs to the end; returns every value told.
template <class Objective>
std::vector<float> finish(Search<>& search, std::size_t n, Objective&& objective) {
    std::vector<float> all;
    std::vector<float> values;
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
        CHECK(search.best_value() < 0.01F);
    }
}

TEST_CASE("With values that are noise a search finds nothing") {
    // Control: what is learned comes from the objective.
    double told = 0;
    double noise = 0;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Search<> search;
        std::vector<float> centre(4);
        search.begin(initial(), Box::cube(4, -4, 6), {800, {}, false}, Key(seed));
        finish(search, 4, bowl);
        search.centre(centre);
        told += bowl(centre) / 8;
        search.begin(initial(), Box::cube(4, -4, 6), {800, {}, false}, Key(seed));
        std::uint64_t count = 0;
        finish(search, 4,
               [&](auto) { return static_cast<float>((Key(77) / seed).uniform(count++)); });
        search.centre(centre);
        noise += bowl(centre) / 8;
    }
    CHECK(told < 0.1);
    CHECK(noise > 2);
}

TEST_CASE("Points never leave the box, under any genome") {
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
        Search<> search;
        const Box box{{-1, 100, 1e-3F}, {2, 101, 2e-3F}};
        search.begin(random_genome(seed, seed < 6 ? 0.5F : 20.0F), box, {600, {}, true}, Key(seed));
        bool inside = true;
        finish(search, 3, [&](std::span<const float> x) {
            for (std::size_t i = 0; i < 3; ++i) {
                inside = inside && x[i] >= box.low[i] && x[i] <= box.high[i];
            }
            return x[0];
        });
        CHECK(inside);
        CHECK(std::isfinite(search.best_value()));
    }
}

TEST_CASE("A search begins where it is told") {
    Search<> search;
    std::vector<float> centre(2);
    search.begin(initial(), Box::cube(2, -10, 10), {100, {3, -7}, true}, Key(1));
    search.centre(centre);
    CHECK(centre[0] == Approx(3));
    CHECK(centre[1] == Approx(-7));
}

TEST_CASE("A collapsed search restarts elsewhere, or ends where restarts are forbidden") {
    Search<>::Genome genome = initial();
    // Shrink by exp(−2) at every update.
    auto linear = genome.get<"top_down">().get<"clock">().get<"linear">();
    linear[2 * SearchMood::size + SearchMood::size - 1] = -50.0F;
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
    finish(search, 3, [&](std::span<const float> x) {
        ++count;
        if (count % 5 == 0) return std::numeric_limits<float>::quiet_NaN();
        if (count % 7 == 0) return -std::numeric_limits<float>::infinity();
        return bowl(x);
    });
    CHECK(search.invalid() == 800 / 5 + 800 / 7 - 800 / 35);
    CHECK(search.best_value() < 0.1F);
}

TEST_CASE("An objective without a single finite value ends, with no value") {
    Search<> search;
    search.begin(initial(), Box::cube(3, -4, 6), {200, {}, true}, Key(3));
    finish(search, 3, [](auto) { return std::numeric_limits<float>::quiet_NaN(); });
    CHECK(search.invalid() == 200);
    CHECK(search.best_value() == std::numeric_limits<float>::infinity());
    CHECK(search.best_point().size() == 3);
}

TEST_CASE("Asking and telling allocate nothing") {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Search<> search;
        search.begin(initial(), Box::cube(40, -4, 6), {2000, {}, true}, Key(seed));
        std::vector<float> values(search.batch());
        const std::size_t before = tdca::testing::allocations.load();
        while (!search.done()) {
            const auto points = search.ask();
            const std::span<float> some(values.data(), search.asked());
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
    const std::vector<float> values(search.asked() + 1);
    CHECK_THROWS_WITH(search.tell(values), Catch::Contains(to_text(search.asked())));
}

TEST_CASE("Values are told once for each time that points were asked for", "[fault]") {
    Search<> search;
    const auto told = Catch::Contains("not asked for");
    search.begin(initial(), Box::cube(2, 0, 1), {100, {}, true}, Key(1));
    std::vector<float> values(search.asked(), 1.0F);
    CHECK_THROWS_WITH(search.tell(values), told);
    // Asking again is asking for the same points.
    const auto first = search.ask();
    const std::vector<float> points(first.begin(), first.end());
    CHECK(std::ranges::equal(search.ask(), points));
    search.tell(values);
    CHECK_THROWS_WITH(search.tell(values), told);
    // Points of another box are not this one's.
    (void)search.ask();
    search.begin(initial(), Box::cube(2, 5, 6), {100, {}, true}, Key(1));
    values.resize(search.asked());
    CHECK_THROWS_WITH(search.tell(values), told);
    CHECK(search.evaluations() == 0);
    for (const float x : search.best_point()) CHECK(x == 5.5F);
    // Nor is there anything to tell at the end.
    finish(search, 2, bowl);
    CHECK_THROWS_WITH(search.tell({}), told);
}

TEST_CASE("The start is evaluated first, by itself, and a search never ends above it", "[fault]") {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        Search<> search;
        search.begin(initial(), Box::cube(3, -4, 6), {200, {1, 1, 1}, seed % 2 == 0}, Key(seed));
        CHECK(search.asked() == 1);
        CHECK(std::ranges::equal(search.ask(), std::vector<float>{1, 1, 1}));
        search.tell(std::vector<float>{0.0F});
        CHECK(search.asked() == search.batch());
        finish(search, 3, bowl);
        CHECK(search.evaluations() <= 200);
        CHECK(search.best_value() == 0);
        CHECK(std::ranges::equal(search.best_point(), std::vector<float>{1, 1, 1}));
    }
    Search<> search;
    search.begin(initial(), Box::cube(3, -4, 6), {1, {1, 2, 3}, true}, Key(1));
    CHECK(finish(search, 3, bowl).size() == 1);
}

TEST_CASE("A start outside of the box is refused by its coordinate", "[fault]") {
    Search<> search;
    CHECK_THROWS_WITH(
        search.begin(initial(), Box::cube(2, 0, 1), {100, {0.5F, 1.5F}, true}, Key(1)),
        "SearchPlan, start: coordinate 1 is out of range (expected from 0 to 1, found "
        "1.5)");
}

TEST_CASE("The best point was evaluated, even where no value is finite", "[fault]") {
    for (const bool has_start : {false, true}) {
        Search<> search;
        const std::vector<float> start =
            has_start ? std::vector<float>{3, 3} : std::vector<float>{};
        search.begin(initial(), Box::cube(2, -4, 6), {100, start, true}, Key(1));
        std::vector<float> first;
        finish(search, 2, [&](std::span<const float> x) {
            if (first.empty()) first.assign(x.begin(), x.end());
            return std::numeric_limits<float>::quiet_NaN();
        });
        CHECK(std::ranges::equal(search.best_point(), first));
    }
}

TEST_CASE("Fixed coordinates take no part in a search", "[fault]") {
    // Without products, which compilers may fuse in one place and not in another.
    const auto cone = [](std::span<const float> x) {
        return std::fabs(x[0] - 1) + std::fabs(x[1] - 1);
    };
    Search<> whole;
    Search<> part;
    whole.begin(initial(), Box{{7, -4, -2, -4}, {7, 6, -2, 6}}, {400, {}, true}, Key(3));
    part.begin(initial(), Box::cube(2, -4, 6), {400, {}, true}, Key(3));
    bool fixed = true;
    const auto of_whole = finish(whole, 4, [&](std::span<const float> x) {
        fixed = fixed && x[0] == 7 && x[2] == -2;
        const float free[]{x[1], x[3]};
        return cone(free);
    });
    CHECK(fixed);
    CHECK(of_whole == finish(part, 2, cone));
    CHECK(whole.best_point()[0] == 7);
    std::vector<float> centre(4);
    whole.centre(centre);
    CHECK(centre[2] == -2);
    // Where nothing is free there is one point.
    whole.begin(initial(), Box::cube(3, 2, 2), {400, {}, true}, Key(3));
    CHECK(finish(whole, 3, bowl) == std::vector<float>{3});
    CHECK(whole.done());
}

TEST_CASE("A box as wide as single precision is searched inside of itself", "[fault]") {
    const float most = std::numeric_limits<float>::max();
    for (const Box& box : {Box::cube(2, -2e38F, 2e38F), Box::cube(2, -most, most)}) {
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
            Search<> search;
            search.begin(random_genome(seed, 0.5F), box, {300, {}, true}, Key(seed));
            bool inside = true;
            finish(search, 2, [&](std::span<const float> x) {
                for (const float v : x) inside = inside && v >= box.low[0] && v <= box.high[0];
                return x[0] / 2 + x[1] / 2;
            });
            CHECK(inside);
            // Towards the corner, from values as far apart as numbers can be.
            CHECK(search.best_value() < 0.8F * box.low[0]);
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
            std::vector<float> values(search.asked());
            for (std::size_t p = 0; p < values.size(); ++p) {
                values[p] = bowl(points.subspan(p * 2, 2));
            }
            search.tell(values);
            REQUIRE_FALSE(search.done());
        }
        CHECK(search.best_value() < 0.01F);
        CHECK(search.lives() < 100);
    }
}

TEST_CASE("Boxes, starts and budgets that make no sense are named") {
    Search<> search;
    CHECK_THROWS_WITH(search.begin(initial(), Box{{0, 1}, {1, 0.5F}}, {100, {}, true}, Key(1)),
                      Catch::Contains("coordinate 1"));
    CHECK_THROWS_WITH(search.begin(initial(), Box{{0, 1}, {1}}, {100, {}, true}, Key(1)),
                      Catch::Contains("2") && Catch::Contains("1"));
    CHECK_THROWS_WITH(search.begin(initial(), Box::cube(2, 0, 1), {0, {}, true}, Key(1)),
                      Catch::Contains("no evaluation"));
    CHECK_THROWS_WITH(search.begin(initial(), Box::cube(2, 0, 1), {100, {1, 2, 3}, true}, Key(1)),
                      Catch::Contains("dimension"));
    CHECK_THROWS_WITH(
        search.begin(initial(), Box::cube(2, 0, 1),
                     {100, {0, std::numeric_limits<float>::infinity()}, true}, Key(1)),
        "SearchPlan, start: coordinate 1 is out of range (expected from 0 to 1, found inf)");
    CHECK_THROWS_WITH(search.begin(initial(), Box{}, {100, {}, true}, Key(1)),
                      Catch::Contains("no coordinate"));
}
