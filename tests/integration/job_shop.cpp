// Whole numbers: priorities of a job shop's operations.
#include "support/job_shop.hpp"

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tdca/core/error.hpp"
#include "tdca/optimization/box.hpp"
#include "tdca/optimization/optimize.hpp"

using namespace tdca;
using namespace tdca::support;

TEST_CASE("Hours of a schedule, by hand") {
    // Both jobs want machine 0 first; whoever waits ends the later.
    const JobShop shop{{{0, 3}, {1, 2}}, {{0, 1}, {1, 4}}};
    CHECK(makespan(shop, std::vector<double>{1, 0, 0, 0}) == 8);
    CHECK(makespan(shop, std::vector<double>{0, 0, 1, 0}) == 7);
    CHECK_THROWS_AS(makespan(shop, std::vector<double>{1}), Error);
}

TEST_CASE("No machine is left idle longer than its work: the large shop's hours and its bound") {
    const JobShop shop = large_job_shop();
    std::vector<double> machine(10);
    double work = 0;
    for (const auto& job : shop) {
        REQUIRE(job.size() == 10);
        for (const ShopOperation& operation : job) {
            machine[operation.machine] += operation.hours;
            work += operation.hours;
        }
    }
    CHECK(work == 5109);  // as Fisher & Thompson's table adds up
    for (const double hours : machine) CHECK(hours <= 930);
}

TEST_CASE("A search over priorities finds the best schedule of the small shop") {
    // Of eight seeds each finds 55 hours; no search at all, equal priorities, takes longer.
    const JobShop shop = small_job_shop();
    CHECK(makespan(shop, std::vector<double>(36)) > 55);
    const Box box = Box::of(std::vector<Variable>(36, Variable::whole(0, 9)));
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const Optimum found = optimize([&](std::span<const double> x) { return makespan(shop, x); },
                                       box, {.evaluations = 6000, .target = 55, .seed = seed});
        CAPTURE(seed, found.message);
        CHECK(found.value == 55);
    }
}
