#include "support/evaluation_log.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <sstream>
#include <utility>

#include "support/plot.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/tables/read_table.hpp"

namespace tdca::support {

EvaluationLog::EvaluationLog(std::filesystem::path file, const CommandObjective& objective,
                             bool resume)
    : file_(std::move(file)), objective_(&objective) {
    handle_ = open(file_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (handle_ < 0) throw Error(file_.string(), "cannot be written");
    try {
        if (flock(handle_, LOCK_EX | LOCK_NB) != 0) {
            throw Error(file_.string(), "another search writes to it");
        }
        std::ifstream in(file_, std::ios::binary);
        std::ostringstream bytes;
        bytes << in.rdbuf();
        const std::string all = bytes.str();
        std::string header = "ticket,value";
        for (const std::string& name : objective.names()) header += "," + name;
        header += '\n';
        const std::size_t end = all.find_last_of('\n');
        const std::size_t whole = end == std::string::npos ? 0 : end + 1;
        // A process that was killed while it wrote the first line has evaluated nothing.
        const bool is_begun = whole > 0 || (!all.empty() && !header.starts_with(all));
        if (!all.empty() && !resume) {
            throw Error(file_.string(),
                        "there are evaluations already: go on with --resume, or choose another "
                        "file");
        }
        if (is_begun) load(all.substr(0, whole), header);
        // From here on it is known to be ours: what was cut off goes.
        if (whole != all.size()) std::filesystem::resize_file(file_, whole);
        if (!is_begun) write(header);
    } catch (...) {
        close(handle_);
        throw;
    }
}

EvaluationLog::~EvaluationLog() { close(handle_); }

void EvaluationLog::write(const std::string& text) {
    if (::write(handle_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        throw Error(file_.string(), "cannot be written");
    }
}

void EvaluationLog::load(const std::string& text, const std::string& header) {
    std::string first = text.substr(0, text.find('\n') + 1);
    if (first.ends_with("\r\n")) first.erase(first.size() - 2, 1);
    if (first != header) throw Error(file_.string(), "it is of a search over other variables");
    if (text.find_first_not_of("\r\n", text.find('\n')) == std::string::npos) return;
    TableOptions options;
    options.header = TableHeader::present;
    const Table table = parse_table(file_.string(), text, options);
    const std::size_t columns = objective_->names().size() + 2;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto damaged = [&] {
            throw Error(file_.string() + ":" + to_text(table.line(row)), "this is no evaluation");
        };
        Evaluation one;
        const auto ticket = to_count<std::uint64_t>(table.cell(row, 0));
        if (!ticket) damaged();
        one.ticket = *ticket;
        for (std::size_t column = 1; column < columns; ++column) {
            const auto number = to_real<double>(table.cell(row, column));
            if (!number) damaged();
            if (column == 1) {
                one.value = *number;
            } else {
                one.point.push_back(*number);
            }
        }
        if (!place_.emplace(one.ticket, old_.size()).second) damaged();
        values_.push_back(one.value);
        old_.push_back(std::move(one));
    }
}

bool EvaluationLog::expects(std::uint64_t ticket, std::span<const double> point) {
    const auto found = place_.find(ticket);
    if (found == place_.end()) return false;
    if (!std::ranges::equal(old_[found->second].point, point)) {
        throw Error(file_.string(),
                    "evaluation " + to_text(ticket) +
                        " is of another search: seed, evaluations, workers or bounds differ");
    }
    ++expected_;
    return true;
}

const Evaluation& EvaluationLog::next() {
    const Evaluation& one = old_[told_];
    if (expected_ == 0) {
        throw Error(file_.string(), "evaluation " + to_text(one.ticket) +
                                        " comes before it was asked for: workers differ");
    }
    ++told_;
    --expected_;
    return one;
}

void EvaluationLog::add(const Evaluation& evaluation) {
    std::string line = to_text(evaluation.ticket) + "," + to_text(evaluation.value);
    for (std::size_t i = 0; i < evaluation.point.size(); ++i) {
        line += "," + objective_->text_of(i, evaluation.point[i]);
    }
    write(line + "\n");
    values_.push_back(evaluation.value);
}

void EvaluationLog::draw(const std::filesystem::path& picture) const {
    Curve curve{"lowest value so far", {}, {}, {}};
    double lowest = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < values_.size(); ++k) {
        if (std::isfinite(values_[k])) lowest = std::fmin(lowest, values_[k]);
        if (!std::isfinite(lowest)) continue;
        curve.x.push_back(static_cast<double>(k + 1));
        curve.mean.push_back(lowest);
        curve.deviation.push_back(0);
    }
    if (curve.x.empty()) return;
    if (!plot_curves(picture, "Search", "evaluations", "value", {curve}, "[*:*]",
                     "set key top right")) {
        std::fprintf(stderr, "no gnuplot, no picture\n");
    }
}

}  // namespace tdca::support
