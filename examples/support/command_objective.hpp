// An objective that is a program, and workers that run several of it at a time.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <queue>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "tdca/optimization/box.hpp"

namespace tdca::support {

/// A command with places for variables: 'simulate --x {x}', x=-5..5. Braces of the shell's, and of
/// programs in it, are left alone; where they hold a name, `${HOME}` is the shell's, and `{{name}}`
/// is {name}.
class CommandObjective {
public:
    /// @param words the command, then the variables: NAME=LOW..HIGH with any of :log, :int and
    ///   :periodic behind it, or NAME=VALUE for what is fixed
    /// @param timeout seconds after which a run is ended
    /// @throws tdca::Error naming the word that makes no sense, a variable that the command has no
    ///   place for, or a place that no variable fills
    CommandObjective(const std::vector<std::string>& words, double timeout);

    [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
    [[nodiscard]] const Box& box() const noexcept { return box_; }
    /// What is run at a point.
    [[nodiscard]] std::string command(std::span<const double> point) const;
    /// The last word that the command prints, as a number; NaN where it is none, the command ends
    /// with another code than 0, or the time is over.
    [[nodiscard]] double run(std::span<const double> point) const;
    /// A value of variable i as the command gets it: every digit, whole numbers without exponent.
    [[nodiscard]] std::string text_of(std::size_t i, double value) const;

private:
    std::string text_;
    double timeout_;
    std::vector<std::string> names_;
    Box box_;
};

/// What is known of one evaluation.
struct Evaluation {
    std::uint64_t ticket = 0;
    double value = 0;
    std::vector<double> point;
};

/// Runs of a command, side by side, on threads of its own.
class WorkerPool {
public:
    WorkerPool(const CommandObjective& objective, std::size_t workers);
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;
    /// Waits for what still runs.
    ~WorkerPool();

    void start(std::uint64_t ticket, std::span<const double> point);
    /// Runs that have not been waited for.
    [[nodiscard]] std::size_t running() const noexcept { return running_; }
    /// The next one that ends; one must be running.
    [[nodiscard]] Evaluation wait();

private:
    void work();

    const CommandObjective* objective_;
    std::size_t running_ = 0;
    bool is_over_ = false;
    std::mutex mutex_;
    std::condition_variable begun_;
    std::condition_variable ended_;
    std::queue<Evaluation> to_do_;
    std::queue<Evaluation> done_;
    std::vector<std::thread> threads_;
};

}  // namespace tdca::support
