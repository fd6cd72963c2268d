// Job shops: operations of several jobs that compete for machines, and how long a schedule takes.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "tdca/core/error.hpp"

namespace tdca::support {

/// An operation of a job: where, and for how long.
struct ShopOperation {
    std::size_t machine;
    double hours;
};
/// Operations of a job in their order, for each job.
using JobShop = std::vector<std::vector<ShopOperation>>;

/// A shop of so many jobs, from pairs of machine and hours, job by job.
[[nodiscard]] inline JobShop shop_of(std::span<const unsigned> numbers, std::size_t jobs) {
    JobShop shop(jobs);
    for (std::size_t k = 0; k + 1 < numbers.size(); k += 2) {
        shop[k * jobs / numbers.size()].push_back(
            {numbers[k], static_cast<double>(numbers[k + 1])});
    }
    return shop;
}

/// Six jobs on six machines; best possible: 55 (Fisher & Thompson 1963).
[[nodiscard]] inline JobShop small_job_shop() {
    constexpr std::array<unsigned, 72> numbers{
        2, 1, 0, 3, 1, 6, 3, 7, 5, 3, 4, 6, 1, 8, 2, 5, 4, 10, 5, 10, 0, 10, 3, 4,
        2, 5, 3, 4, 5, 8, 0, 9, 1, 1, 4, 7, 1, 5, 0, 5, 2, 5,  3, 3,  4, 8,  5, 9,
        2, 9, 1, 3, 4, 5, 5, 4, 0, 3, 3, 1, 1, 3, 3, 3, 5, 9,  0, 10, 4, 4,  2, 1};
    return shop_of(numbers, 6);
}

/// Ten jobs on ten machines; best possible: 930 (the same).
[[nodiscard]] inline JobShop large_job_shop() {
    constexpr std::array<unsigned, 200> numbers{
        0, 29, 1, 78, 2, 9,  3, 36, 4, 49, 5, 11, 6, 62, 7, 56, 8, 44, 9, 21,  //
        0, 43, 2, 90, 4, 75, 9, 11, 3, 69, 1, 28, 6, 46, 5, 46, 7, 72, 8, 30,  //
        1, 91, 0, 85, 3, 39, 2, 74, 8, 90, 5, 10, 7, 12, 6, 89, 9, 45, 4, 33,  //
        1, 81, 2, 95, 0, 71, 4, 99, 6, 9,  8, 52, 7, 85, 3, 98, 9, 22, 5, 43,  //
        2, 14, 0, 6,  1, 22, 5, 61, 3, 26, 4, 69, 8, 21, 7, 49, 9, 72, 6, 53,  //
        2, 84, 1, 2,  5, 52, 3, 95, 8, 48, 9, 72, 0, 47, 6, 65, 4, 6,  7, 25,  //
        1, 46, 0, 37, 3, 61, 2, 13, 6, 32, 5, 21, 9, 32, 8, 89, 7, 30, 4, 55,  //
        2, 31, 0, 86, 1, 46, 5, 74, 4, 32, 6, 88, 8, 19, 9, 48, 7, 36, 3, 79,  //
        0, 76, 1, 69, 3, 76, 5, 51, 2, 85, 9, 11, 6, 40, 7, 89, 4, 26, 8, 74,  //
        1, 85, 0, 13, 2, 61, 6, 7,  8, 64, 9, 76, 5, 47, 3, 52, 4, 90, 7, 45};
    return shop_of(numbers, 10);
}

/// Hours until all is done, by the active schedule of Giffler & Thompson (Operations Research 8,
/// 1960) in which, of operations that compete for a machine, the one of highest priority goes
/// first.
///
/// @param priorities one for each operation, job by job; of equal ones the first job's is higher
/// @throws tdca::Error where there are more or fewer priorities than operations
[[nodiscard]] inline double makespan(const JobShop& shop, std::span<const double> priorities) {
    const std::size_t jobs = shop.size();
    std::size_t machines = 0;
    std::vector<std::size_t> first(jobs);  // where a job's priorities begin
    std::size_t left = 0;
    for (std::size_t job = 0; job < jobs; ++job) {
        first[job] = left;
        left += shop[job].size();
        for (const ShopOperation& operation : shop[job]) {
            machines = std::max(machines, operation.machine + 1);
        }
    }
    if (priorities.size() != left) {
        throw Error("makespan", "one priority for each operation", left, priorities.size());
    }
    std::vector<std::size_t> next(jobs);
    std::vector<double> job_free(jobs);
    std::vector<double> machine_free(machines);
    const auto start = [&](std::size_t job) {
        return std::max(job_free[job], machine_free[shop[job][next[job]].machine]);
    };
    double end = 0;
    for (; left > 0; --left) {
        double soonest = std::numeric_limits<double>::infinity();
        std::size_t machine = 0;
        for (std::size_t job = 0; job < jobs; ++job) {
            if (next[job] == shop[job].size()) continue;
            const double ready = start(job) + shop[job][next[job]].hours;
            if (ready < soonest) {
                soonest = ready;
                machine = shop[job][next[job]].machine;
            }
        }
        std::size_t chosen = jobs;
        for (std::size_t job = 0; job < jobs; ++job) {
            if (next[job] == shop[job].size() || shop[job][next[job]].machine != machine ||
                start(job) >= soonest) {
                continue;
            }
            if (chosen == jobs ||
                priorities[first[job] + next[job]] > priorities[first[chosen] + next[chosen]]) {
                chosen = job;
            }
        }
        const double ready = start(chosen) + shop[chosen][next[chosen]].hours;
        job_free[chosen] = machine_free[machine] = ready;
        ++next[chosen];
        end = std::max(end, ready);
    }
    return end;
}

}  // namespace tdca::support
