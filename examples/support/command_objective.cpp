#include "support/command_objective.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"

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

/// `text` as one word of the shell's, whatever is in it.
std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    return out + "'";
}

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
    // A brace that nothing fills is a mistake, or belongs to the shell: only names are looked at.
    for (std::size_t open = text_.find('{'); open != std::string::npos;
         open = text_.find('{', open + 1)) {
        const std::size_t close = text_.find('}', open);
        if (close == std::string::npos) break;
        const std::string name = text_.substr(open + 1, close - open - 1);
        const bool is_name = !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
            return std::isalnum(c) != 0 || c == '_';
        });
        if (is_name && std::ranges::find(names_, name) == names_.end()) {
            throw Error("command", "no variable fills a place", name + "=LOW..HIGH",
                        "{" + name + "}");
        }
    }
}

std::string CommandObjective::command(std::span<const double> point) const {
    std::string text;
    for (std::size_t at = 0; at < text_.size();) {
        bool is_filled = false;
        for (std::size_t i = 0; i < names_.size() && !is_filled; ++i) {
            const std::string place = "{" + names_[i] + "}";
            if (text_.compare(at, place.size(), place) != 0) continue;
            text += to_text(point[i]);
            at += place.size();
            is_filled = true;
        }
        if (!is_filled) text += text_[at++];
    }
    return text;
}

double CommandObjective::run(std::span<const double> point) const {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    // A process group of its own, so that Ctrl-C stops the search and not the simulation.
    const std::string line =
        "timeout --kill-after=1 " + to_text(timeout_) + " sh -c " + quoted(command(point));
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(line.c_str(), "r"),
                                                               [](std::FILE*) { return 0; });
    if (pipe == nullptr) return none;
    std::string printed;
    std::array<char, 4096> buffer;
    for (std::size_t read = 1; read > 0;) {
        read = std::fread(buffer.data(), 1, buffer.size(), pipe.get());
        printed.append(buffer.data(), read);
        // Of a program that talks on and on, the end.
        if (printed.size() > 1U << 20U) printed.erase(0, printed.size() - (1U << 16U));
    }
    if (pclose(pipe.get()) != 0) return none;
    const std::size_t end = printed.find_last_not_of(" \t\r\n");
    if (end == std::string::npos) return none;
    const std::size_t before = printed.find_last_of(" \t\r\n", end);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    return to_real<double>(std::string_view(printed).substr(begin, end - begin + 1)).value_or(none);
}

WorkerPool::~WorkerPool() {
    for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::start(std::uint64_t ticket, std::span<const double> point) {
    ++running_;
    threads_.emplace_back(
        [this, one = Evaluation{ticket, 0, {point.begin(), point.end()}}]() mutable {
            one.value = objective_->run(one.point);
            const std::lock_guard lock(mutex_);
            done_.push(std::move(one));
            ended_.notify_one();
        });
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
