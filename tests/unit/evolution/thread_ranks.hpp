// Ranks that are threads of one process: what MPI does, without MPI.
#pragma once

#include <algorithm>
#include <barrier>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <thread>
#include <vector>

#include "tdca/concepts/ranks.hpp"

namespace tdca::testing {

class ThreadRanks {
public:
    /// Calls `program(ranks)` on as many threads.
    static void run(std::size_t count, const std::function<void(const ThreadRanks&)>& program) {
        Shared shared(count);
        std::vector<std::thread> threads;
        for (std::size_t rank = 0; rank < count; ++rank) {
            threads.emplace_back([&, rank] { program(ThreadRanks(shared, rank)); });
        }
        for (std::thread& thread : threads) thread.join();
    }

    [[nodiscard]] std::size_t rank() const noexcept { return rank_; }
    [[nodiscard]] std::size_t count() const noexcept { return shared_->count; }

    void combine(std::span<double> values) const {
        for (std::size_t turn = 0; turn < count(); ++turn) {
            if (turn == 0 && rank_ == 0) shared_->bits.assign(values.size(), 0);
            shared_->barrier.arrive_and_wait();
            if (turn != rank_) continue;
            for (std::size_t i = 0; i < values.size(); ++i) {
                shared_->bits.at(i) |= std::bit_cast<std::uint64_t>(values[i]);
            }
        }
        shared_->barrier.arrive_and_wait();
        std::ranges::transform(shared_->bits, values.begin(),
                               [](std::uint64_t bits) { return std::bit_cast<double>(bits); });
        shared_->barrier.arrive_and_wait();
    }

    [[nodiscard]] bool any(bool flag) const {
        double value = flag ? 1 : 0;
        combine({&value, 1});
        return value != 0;
    }

private:
    struct Shared {
        explicit Shared(std::size_t ranks)
            : count(ranks), barrier(static_cast<std::ptrdiff_t>(ranks)) {}
        std::size_t count;
        std::barrier<> barrier;
        std::vector<std::uint64_t> bits;
    };

    ThreadRanks(Shared& shared, std::size_t rank) : shared_(&shared), rank_(rank) {}

    Shared* shared_;
    std::size_t rank_;
};

static_assert(Ranks<ThreadRanks>);

}  // namespace tdca::testing
