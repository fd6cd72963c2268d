// The parallel loop: every index once, exceptions out, one body a thread.
#include "tdca/core/parallel.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <stdexcept>
#include <vector>

using tdca::parallel_for;

TEST_CASE("every index is visited once, on any number of threads", "[parallel]") {
    for (const int threads : {1, 2, 4, 8}) {
        std::vector<std::atomic<int>> visits(1000);
        std::vector<std::atomic<int>> busy(8);
        std::atomic<bool> shared{false};
        parallel_for(visits.size(), threads, [&](std::size_t index, std::size_t thread) {
            if (busy[thread].fetch_add(1) != 0) shared = true;
            ++visits[index];
            busy[thread].fetch_sub(1);
        });
        for (const auto& count : visits) CHECK(count == 1);
        CHECK_FALSE(shared);
    }
}

TEST_CASE("an exception in a body reaches the caller, after all bodies ended", "[parallel]") {
    for (const int threads : {1, 2, 4}) {
        std::atomic<int> running{0};
        CHECK_THROWS_WITH(parallel_for(100, threads,
                                       [&](std::size_t index, std::size_t) {
                                           ++running;
                                           const bool fails = index == 10;
                                           --running;
                                           if (fails) throw std::runtime_error("body 10");
                                       }),
                          "body 10");
        CHECK(running == 0);
    }
}

TEST_CASE("no index, no call", "[parallel]") {
    parallel_for(0, 2, [](std::size_t, std::size_t) { FAIL("called"); });
}
