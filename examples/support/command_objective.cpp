#include "support/command_objective.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cmath>
#include <csignal>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/shell.hpp"

namespace tdca::support {

namespace {

[[noreturn]] void refuse(const std::string& word) {
    throw Error("variable", "this is none", "NAME=LOW..HIGH[:log][:int][:periodic], or NAME=VALUE",
                word);
}

double number(std::string_view text, const std::string& word) {
    const auto value = to_real<double>(text);
    if (!value || !std::isfinite(*value)) refuse(word);
    return *value;
}

/// LOW..HIGH and kinds, or a value.
Variable variable(std::string_view text, const std::string& word) {
    const std::size_t dots = text.find("..");
    if (dots == std::string_view::npos) return Variable::fixed(number(text, word));
    std::string_view rest = text.substr(dots + 2);
    std::size_t colon = rest.find(':');
    Variable one{number(text.substr(0, dots), word), number(rest.substr(0, colon), word)};
    while (colon != std::string_view::npos) {
        rest = rest.substr(colon + 1);
        colon = rest.find(':');
        const std::string_view kind = rest.substr(0, colon);
        if (kind == "log") {
            one.is_logarithmic = true;
        } else if (kind == "int") {
            one.is_whole = true;
        } else if (kind == "periodic") {
            one.is_periodic = true;
        } else {
            refuse(word);
        }
    }
    one.check("variable " + word);
    return one;
}

bool is_name(std::string_view text) {
    return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
           std::ranges::all_of(text,
                               [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

/// A command and its output, in a process group of its own: Ctrl-C stops the search, not what it
/// runs, and whatever the command began ends with it.
class Child {
public:
    explicit Child(const std::string& command) {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
        const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (nothing >= 0) {
            id_ = start_shell(command, nothing, ends[1]);
            close(nothing);
        }
        close(ends[1]);
        out_ = ends[0];
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (out_ >= 0) close(out_);
        if (id_ > 0) end();
    }

    /// What it printed, of very much the end; nothing where it failed or took longer.
    [[nodiscard]] std::optional<std::string> wait(double seconds) {
        using Clock = std::chrono::steady_clock;
        if (id_ <= 0) return std::nullopt;
        const auto deadline = Clock::now() + std::chrono::duration<double>(seconds);
        std::string printed;
        std::array<char, 4096> buffer;
        bool is_open = true;
        for (;;) {
            const std::chrono::duration<double> left = deadline - Clock::now();
            if (left.count() <= 0) return std::nullopt;
            pollfd from{out_, POLLIN, 0};
            // Whoever the command left behind may hold its output open: look at it now and then.
            const auto pause = static_cast<int>(std::fmin(1e3 * left.count() + 1, 20.0));
            if (poll(&from, is_open ? 1 : 0, pause) > 0) {
                const ssize_t size = read(out_, buffer.data(), buffer.size());
                is_open = size > 0;
                if (is_open) printed.append(buffer.data(), static_cast<std::size_t>(size));
                if (printed.size() > 1U << 20U) printed.erase(0, printed.size() - (1U << 16U));
                if (is_open) continue;
            }
            int status = 0;
            if (waitpid(id_, &status, WNOHANG) != id_) continue;
            kill(-id_, SIGKILL);
            id_ = 0;
            return status == 0 ? std::optional(printed + rest()) : std::nullopt;
        }
    }

private:
    /// What was printed and not read yet.
    [[nodiscard]] std::string rest() const {
        std::string text;
        std::array<char, 4096> buffer;
        for (pollfd from{out_, POLLIN, 0}; poll(&from, 1, 0) > 0;) {
            const ssize_t size = read(out_, buffer.data(), buffer.size());
            if (size <= 0) break;
            text.append(buffer.data(), static_cast<std::size_t>(size));
        }
        return text;
    }
    void end() const {
        kill(-id_, SIGKILL);
        waitpid(id_, nullptr, 0);
    }

    pid_t id_ = 0;
    int out_ = -1;
};

}  // namespace

CommandObjective::CommandObjective(const std::vector<std::string>& words, double timeout)
    : timeout_(timeout) {
    if (words.size() < 2) {
        throw Error("command line", "there is no command, or no variable",
                    "'COMMAND {x}' x=LOW..HIGH", to_text(words.size()) + " words");
    }
    text_ = words.front();
    for (auto word = words.begin() + 1; word != words.end(); ++word) {
        const std::size_t equals = word->find('=');
        if (equals == 0 || equals == std::string::npos) refuse(*word);
        const std::string name = word->substr(0, equals);
        if (!is_name(name) || name == "ticket" || name == "value") {
            throw Error("variable", "this is no name for one",
                        "letters, digits and _; not ticket, not value", name);
        }
        if (std::ranges::find(names_, name) != names_.end()) {
            throw Error("variable " + name, "there are two of that name");
        }
        if (text_.find("{" + name + "}") == std::string::npos) {
            throw Error("variable " + name, "the command has no place for it", "{" + name + "}",
                        text_);
        }
        names_.push_back(name);
        box_.variables.push_back(variable(std::string_view(*word).substr(equals + 1), *word));
    }
    // What looks like a place, and nothing fills, is a mistake.
    for (std::size_t open = text_.find('{'); open != std::string::npos;
         open = text_.find('{', open + 1)) {
        const std::size_t close = text_.find('}', open);
        if (close == std::string::npos) break;
        const bool is_others = open > 0 && (text_[open - 1] == '$' || text_[open - 1] == '{');
        const std::string name = text_.substr(open + 1, close - open - 1);
        if (!is_others && is_name(name) && std::ranges::find(names_, name) == names_.end()) {
            throw Error("command", "no variable fills a place, and {{name}} would be {name}",
                        name + "=LOW..HIGH", "{" + name + "}");
        }
    }
}

std::string CommandObjective::text_of(std::size_t i, double value) const {
    if (!box_.variables[i].is_whole) return to_text(value);
    std::array<char, 400> digits;
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed)
            .ptr;
    return {digits.data(), end};
}

std::string CommandObjective::command(std::span<const double> point) const {
    std::string text;
    for (std::size_t at = 0; at < text_.size();) {
        if (text_.compare(at, 2, "{{") == 0) {  // {{name}} is {name}
            const std::size_t end = text_.find("}}", at);
            const std::string_view inner =
                end == std::string::npos ? std::string_view()
                                         : std::string_view(text_).substr(at + 2, end - at - 2);
            if (is_name(inner)) {
                text.append("{").append(inner).append("}");
                at = end + 2;
                continue;
            }
        }
        const bool is_shells = at > 0 && text_[at - 1] == '$';
        bool is_filled = false;
        for (std::size_t i = 0; i < names_.size() && !is_filled && !is_shells; ++i) {
            const std::string place = "{" + names_[i] + "}";
            if (text_.compare(at, place.size(), place) != 0) continue;
            text += text_of(i, point[i]);
            at += place.size();
            is_filled = true;
        }
        if (!is_filled) text += text_[at++];
    }
    return text;
}

double CommandObjective::run(std::span<const double> point) const {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const auto printed = Child(command(point)).wait(timeout_);
    if (!printed) return none;
    const std::size_t end = printed->find_last_not_of(" \t\r\n");
    if (end == std::string::npos) return none;
    const std::size_t before = printed->find_last_of(" \t\r\n", end);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    std::string_view word = std::string_view(*printed).substr(begin, end - begin + 1);
    if (word.size() > 1 && word[0] == '+' && word[1] != '-') word.remove_prefix(1);
    return to_real<double>(word).value_or(none);
}

WorkerPool::WorkerPool(const CommandObjective& objective, std::size_t workers)
    : objective_(&objective) {
    for (std::size_t k = 0; k < workers; ++k) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    begun_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::work() {
    for (;;) {
        std::unique_lock lock(mutex_);
        begun_.wait(lock, [this] { return is_over_ || !to_do_.empty(); });
        if (to_do_.empty()) return;
        Evaluation one = std::move(to_do_.front());
        to_do_.pop();
        lock.unlock();
        one.value = objective_->run(one.point);
        lock.lock();
        done_.push(std::move(one));
        ended_.notify_one();
    }
}

void WorkerPool::start(std::uint64_t ticket, std::span<const double> point) {
    const std::lock_guard lock(mutex_);
    to_do_.push({ticket, 0, {point.begin(), point.end()}});
    ++running_;
    begun_.notify_one();
}

Evaluation WorkerPool::wait() {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return !done_.empty(); });
    Evaluation one = std::move(done_.front());
    done_.pop();
    --running_;
    return one;
}

}  // namespace tdca::support
