#include "support/evaluation_log.hpp"

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

namespace {

/// Cuts a line off that the process did not come to end.
void drop_partial_line(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    const std::string all = text.str();
    const std::size_t end = all.find_last_of('\n');
    const std::size_t whole = end == std::string::npos ? 0 : end + 1;
    if (whole != all.size()) std::filesystem::resize_file(file, whole);
}

}  // namespace

EvaluationLog::EvaluationLog(std::filesystem::path file, const std::vector<std::string>& names,
                             bool resume)
    : file_(std::move(file)) {
    const bool is_there = std::filesystem::exists(file_) && std::filesystem::file_size(file_) > 0;
    if (is_there && !resume) {
        throw Error(file_.string(),
                    "there are evaluations already: go on with --resume, or choose "
                    "another file");
    }
    if (is_there) {
        drop_partial_line(file_);
        load(names);
        return;
    }
    std::ofstream out(file_);
    out << "ticket,value";
    for (const std::string& name : names) out << ',' << name;
    out << '\n';
    if (!out.flush()) throw Error(file_.string(), "cannot be written");
}

void EvaluationLog::load(const std::vector<std::string>& names) {
    TableOptions options;
    options.header = TableHeader::present;
    const Table table = read_table(file_, options);
    std::vector<std::string> expected{"ticket", "value"};
    expected.insert(expected.end(), names.begin(), names.end());
    if (table.columns() != expected) {
        throw Error(file_.string(), "it is of a search over other variables");
    }
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto damaged = [&] {
            throw Error(file_.string() + ":" + to_text(table.line(row)), "this is no evaluation");
        };
        Evaluation one;
        const auto ticket = to_count<std::uint64_t>(table.cell(row, 0));
        if (!ticket) damaged();
        one.ticket = *ticket;
        for (std::size_t column = 1; column < expected.size(); ++column) {
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
    std::ofstream out(file_, std::ios::app);
    out << to_text(evaluation.ticket) << ',' << to_text(evaluation.value);
    for (const double x : evaluation.point) out << ',' << to_text(x);
    out << '\n';
    if (!out.flush()) throw Error(file_.string(), "cannot be written");
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
