// Whole numbers: priorities of a job shop's operations.
#include "support/job_shop.hpp"

#include <catch2/catch.hpp>
#include <cmath>
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
    CHECK(makespan(shop, std::vector<double>{1, 0, 0, 0}) == 9);   // 3 and 1 on 0, 2 and 4 on 1
    CHECK(makespan(shop, std::vector<double>{0, 0, 1, 1}) == 7);   // 1 and 3, 4 and 2
    CHECK(makespan(shop, std::vector<double>{0, 0, 1, 0}) == 10);  // 1 and 3, 2 and 4
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

TEST_CASE("A search over whole priorities returns a schedule of that many hours") {
    // Equal priorities take 65 hours; the best of 1,000 schedules drawn by chance 58 to 61.
    const JobShop shop = small_job_shop();
    CHECK(makespan(shop, std::vector<double>(36)) == 65);
    const Box box = Box::of(std::vector<Variable>(36, Variable::whole(0, 9)));
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const Optimum found = optimize([&](std::span<const double> x) { return makespan(shop, x); },
                                       box, {.evaluations = 3000, .target = 55, .seed = seed});
        CAPTURE(seed, found.message);
        CHECK(found.value < 65);
        CHECK(found.value >= 55);  // nothing is better
        CHECK(found.value == makespan(shop, found.point));
        for (const double priority : found.point) {
            CHECK(priority == std::round(priority));
            CHECK((priority >= 0 && priority <= 9));
        }
    }
}
