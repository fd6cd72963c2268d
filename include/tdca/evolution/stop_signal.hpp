// StopSignal: SIGINT and SIGTERM ask a long run to stop where it can be continued.
#pragma once

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction is POSIX

#include <array>
#include <atomic>
#include <cstddef>

#include "tdca/concepts/ranks.hpp"
#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// While one lives, the first SIGINT or SIGTERM does not end the process but is noted; a second one
/// ends it as ever. A signal that the process was told to ignore stays ignored.
///
///     const StopSignal stop;
///     evolution.run(generations, [&](const auto& report, const auto& now) {
///         …
///         return !stop.requested();
///     });
///
/// One at a time: signals belong to the whole process.
class StopSignal {
public:
    StopSignal() noexcept {
        received = 0;
        for (std::size_t i = 0; i < signals.size(); ++i) {
            ::sigaction(signals[i], nullptr, &before_[i]);
            if (before_[i].sa_handler == SIG_IGN) continue;
            struct sigaction noted {};
            noted.sa_handler = [](int number) { received = number; };
            noted.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
            sigemptyset(&noted.sa_mask);
            ::sigaction(signals[i], &noted, nullptr);
        }
    }
    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;
    /// What signals did before, they do again.
    ~StopSignal() {
        for (std::size_t i = 0; i < signals.size(); ++i) {
            ::sigaction(signals[i], &before_[i], nullptr);
        }
    }

    /// Whether a signal has come.
    [[nodiscard]] bool requested() const noexcept { return received != 0; }
    /// What a process that was ended by the signal would be seen to return: 130 after SIGINT.
    [[nodiscard]] int exit_code() const noexcept { return 128 + received; }
    /// The same for all ranks, once a signal has come to any of them.
    template <Ranks RanksType>
    [[nodiscard]] int exit_code(const RanksType& ranks) const {
        return 128 + (ranks.any(received == SIGINT) ? SIGINT : SIGTERM);
    }

private:
    static constexpr std::array<int, 2> signals{SIGINT, SIGTERM};
    static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may take no lock");

    static inline std::atomic<int> received{0};
    std::array<struct sigaction, 2> before_{};
};

}  // namespace tdca
