// AsynchronousSearch: workers of unequal speed, tickets, budgets.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <queue>
#include <span>
#include <utility>
#include <vector>

#include "tdca/core/random.hpp"
#include "tdca/optimization/asynchronous_search.hpp"

using namespace tdca;

namespace {

Search<>::Genome initial() {
    Search<>::Genome genome;
    Search<>::initialize(genome, Key(1));
    return genome;
}

// Not inlined: the same bits in every test, whatever a compiler fuses.
[[gnu::noinline]] double bowl(std::span<const double> x) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
        sum += static_cast<double>(1 + i) * (x[i] - 1) * (x[i] - 1);
    return sum;
}

struct Finished {
    double when;
    std::uint64_t ticket;
    double value;
    bool operator<(const Finished& other) const { return when > other.when; }
};

struct Played {
    std::size_t evaluations = 0;
    std::size_t to_target = 0;  ///< evaluations, 0: never reached
    double best = 0;
    std::size_t handed_out = 0;
};

/// Workers that take between 1 and 10 units of time a point, each of a speed of its own.
Played play(std::size_t workers, std::size_t evaluations, double target, std::uint64_t seed,
            std::size_t n = 6) {
    AsynchronousSearch<> search;
    search.begin(initial(), Box::cube(n, -4, 6), {.evaluations = evaluations}, Key(seed));
    std::priority_queue<Finished> running;
    Played played;
    double now = 0;
    while (!search.done()) {
        while (running.size() < workers) {
            const auto trial = search.ask();
            if (!trial) break;
            ++played.handed_out;
            const double speed = 1 + static_cast<double>(trial->ticket % workers) / 2;
            const double luck = (Key(seed) / 3).uniform(trial->ticket);
            running.push({now + speed * (0.5 + luck), trial->ticket, bowl(trial->point)});
        }
        REQUIRE_FALSE(running.empty());
        const Finished one = running.top();
        running.pop();
        now = one.when;
        search.tell(one.ticket, one.value);
        ++played.evaluations;
        if (played.to_target == 0 && search.search().best_value() <= target) {
            played.to_target = played.evaluations;
        }
    }
    played.best = search.search().best_value();
    return played;
}

}  // namespace

TEST_CASE("One worker is the search that waits for batches, bit for bit") {
    for (const bool has_start : {false, true}) {
        const SearchPlan plan{
            .evaluations = 500,
            .start = has_start ? std::vector<double>{0, 1, 2} : std::vector<double>{}};
        AsynchronousSearch<> one;
        one.begin(initial(), Box::cube(3, -4, 6), plan, Key(4));
        while (!one.done()) {
            const auto trial = one.ask();
            REQUIRE(trial.has_value());
            one.tell(trial->ticket, bowl(trial->point));
        }
        Search<> batches;
        batches.begin(initial(), Box::cube(3, -4, 6), plan, Key(4));
        std::vector<double> values;
        while (!batches.done()) {
            const auto points = batches.ask();
            values.clear();
            for (std::size_t p = 0; p < batches.asked(); ++p) {
                values.push_back(bowl(points.subspan(3 * p, 3)));
            }
            batches.tell(values);
        }
        CHECK(one.search().best_value() == batches.best_value());
        CHECK(std::ranges::equal(one.search().best_point(), batches.best_point()));
        CHECK(one.search().evaluations() == 500);
    }
}

TEST_CASE("Several workers are another search, though results come in the order of asking",
          "[fault]") {
    // As AsynchronousSearch says; whoever makes these the same bits changes that sentence.
    std::vector<double> lowest;
    for (const std::size_t workers : {1U, 2U}) {
        AsynchronousSearch<> search;
        search.begin(initial(), Box::cube(3, -4, 6), {.evaluations = 300}, Key(4));
        std::queue<std::pair<std::uint64_t, double>> out;
        while (!search.done()) {
            while (out.size() < workers) {
                const auto trial = search.ask();
                if (!trial) break;
                out.emplace(trial->ticket, bowl(trial->point));
            }
            REQUIRE_FALSE(out.empty());
            search.tell(out.front().first, out.front().second);
            out.pop();
        }
        lowest.push_back(search.search().best_value());
    }
    CHECK(lowest[0] != lowest[1]);
}

TEST_CASE("Sixteen workers of unequal speed use the budget, never more, and lose little") {
    // Evaluations until the error is below 10⁻³, medians of 15 seeds.
    std::vector<double> medians;
    for (const std::size_t workers : {1U, 4U, 16U}) {
        std::vector<double> counts;
        for (std::uint64_t seed = 0; seed < 15; ++seed) {
            const Played played = play(workers, 3000, 1e-3, seed);
            CHECK(played.handed_out <= 3000);
            CHECK(played.evaluations > 3000 - 2 * workers);
            counts.push_back(static_cast<double>(played.to_target == 0 ? 3000 : played.to_target));
        }
        std::ranges::sort(counts);
        medians.push_back(counts[7]);
    }
    CAPTURE(medians);
    CHECK(medians[1] < 1.1 * medians[0]);
    CHECK(medians[2] < 1.1 * medians[0]);
}

TEST_CASE("The same order of results gives the same bits") {
    for (const std::size_t workers : {3U, 16U, 200U}) {
        CHECK(play(workers, 700, 0, 5).best == play(workers, 700, 0, 5).best);
    }
}

TEST_CASE("Tickets are told once, and only those that were given") {
    AsynchronousSearch<> search;
    search.begin(initial(), Box::cube(2, -4, 6), {.evaluations = 100}, Key(1));
    const auto trial = search.ask();
    REQUIRE(trial.has_value());
    const std::uint64_t ticket = trial->ticket;
    CHECK(search.waiting() == 1);
    CHECK_THROWS_WITH(search.tell(ticket + 1, 1.0), Catch::Contains("not handed out"));
    search.tell(ticket, 1.0);
    CHECK_THROWS_WITH(search.tell(ticket, 1.0), Catch::Contains("not handed out"));
    search.begin(initial(), Box::cube(2, -4, 6), {.evaluations = 100}, Key(1));
    CHECK(search.waiting() == 0);
    CHECK_THROWS_WITH(search.tell(ticket, 1.0), Catch::Contains("not handed out"));
}

TEST_CASE("A late answer to a former run is none to this one", "[fault]") {
    AsynchronousSearch<> search;
    std::vector<std::uint64_t> late;
    for (int run = 0; run < 3; ++run) {
        search.begin(initial(), Box::cube(2, -4, 6), {.evaluations = 100}, Key(1));
        for (const std::uint64_t ticket : late) {
            CHECK_THROWS_WITH(search.tell(ticket, -100), Catch::Contains("not handed out"));
        }
        std::vector<std::uint64_t> current;
        for (int i = 0; i < 3; ++i) {
            const auto trial = search.ask();
            REQUIRE(trial.has_value());
            for (const std::uint64_t ticket : late) {
                CHECK(trial->ticket != ticket);
                CHECK_THROWS_WITH(search.tell(ticket, -100), Catch::Contains("not handed out"));
            }
            current.push_back(trial->ticket);
        }
        late.insert(late.end(), current.begin(), current.end());
    }
    CHECK(search.waiting() == 3);
    CHECK(search.search().best_value() == std::numeric_limits<double>::infinity());
}

TEST_CASE(
    "Nobody waits for one point that never comes, until a quarter of a batch is drawn ahead") {
    AsynchronousSearch<> search;
    search.begin(initial(), Box::cube(4, -4, 6), {.evaluations = 1000}, Key(1));
    const auto lost = search.ask();
    REQUIRE(lost.has_value());
    std::size_t given = 0;
    while (const auto trial = search.ask()) {
        search.tell(trial->ticket, bowl(trial->point));
        ++given;
    }
    CHECK(given == search.search().batch() + (search.search().batch() + 3) / 4 - 1);
    // Told as failed it costs nothing but itself.
    search.tell(lost->ticket, std::numeric_limits<double>::quiet_NaN());
    CHECK(search.ask().has_value());
    CHECK(search.search().invalid() == 1);
}

TEST_CASE("Lives that end while points are handed out lose none of them") {
    // A patience of a few batches: many lives.
    Search<>::Genome genome = initial();
    genome.get<"birth">().get<"log_patience">()[0] = 1.2F;
    AsynchronousSearch<> search;
    search.begin(genome, Box::cube(2, -4, 6), {.evaluations = 3000}, Key(2));
    std::vector<std::pair<std::uint64_t, double>> waiting;
    double lowest = std::numeric_limits<double>::infinity();
    std::size_t given = 0;
    for (std::uint64_t event = 0; !search.done(); ++event) {
        while (waiting.size() < 7) {
            const auto trial = search.ask();
            if (!trial) break;
            ++given;
            // Steps: most batches bring nothing better.
            waiting.emplace_back(trial->ticket, std::floor(bowl(trial->point)));
        }
        const std::size_t which = Key(9).below(waiting.size(), event);
        lowest = std::min(lowest, waiting[which].second);
        search.tell(waiting[which].first, waiting[which].second);
        waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(which));
    }
    for (const auto& [ticket, value] : waiting) {
        lowest = std::min(lowest, value);
        search.tell(ticket, value);
    }
    CHECK(search.search().lives() > 3);
    CHECK(given <= 3000);
    CHECK(search.search().evaluations() == 3000);
    CHECK(search.search().best_value() == lowest);
}

TEST_CASE("A violation of NaN is none that holds, one point at a time", "[fault]") {
    AsynchronousSearch<> search;
    search.begin(initial(), Box::cube(2, -4, 6), {.evaluations = 1}, Key(1));
    const auto trial = search.ask();
    REQUIRE(trial.has_value());
    search.tell(trial->ticket, -100, std::numeric_limits<double>::quiet_NaN());
    CHECK(search.search().best_value() == std::numeric_limits<double>::infinity());
}

TEST_CASE("What was used before for more begins as a new one would", "[fault]") {
    const auto handed_out = [](AsynchronousSearch<>& search) {
        search.begin(initial(), Box::cube(2, -4, 6), {.evaluations = 5000}, Key(2));
        std::size_t count = 0;
        while (search.ask()) ++count;
        return count;
    };
    AsynchronousSearch<> fresh;
    AsynchronousSearch<> used;
    used.begin(initial(), Box::cube(40, -4, 6), {.evaluations = 1'000'000}, Key(1));
    CHECK(handed_out(used) == handed_out(fresh));
}

TEST_CASE("Values of points that violate something do not matter", "[fault]") {
    std::vector<std::vector<double>> points(2);
    for (std::size_t which = 0; which < 2; ++which) {
        Search<> search;
        search.begin(initial(), Box::cube(2, -4, 6), {3000, {}, true}, Key(3));
        while (!search.done()) {
            const auto asked = search.ask();
            std::vector<double> violations;
            for (std::size_t p = 0; p < search.asked(); ++p) {
                violations.push_back(1 + bowl(asked.subspan(2 * p, 2)));
            }
            const double value = which == 0 ? 0.0 : std::numeric_limits<double>::quiet_NaN();
            search.tell(std::vector<double>(violations.size(), value), violations);
        }
        points[which].assign(search.best_point().begin(), search.best_point().end());
    }
    CHECK(points[0] == points[1]);
}
