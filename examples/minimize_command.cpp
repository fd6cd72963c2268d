// The minimum of what a program prints: no C++, any language, several at a time.
//
//   minimize_command 'echo "({x} - 1)^2 + {n}" | bc -l' x=-5..5 n=1..9:int
//   minimize_command 'simulate --x {x} --y {y}' x=-5..5 y=1e-6..1e-1:log n=1..20:int
//       --evaluations 200 --workers 4 --csv evaluations.csv
//
// The last word that the program prints is its value. What ends with another code than 0, prints no
// number or takes too long counts as worst. Every evaluation is a line of the CSV file; with
// --resume a search that was stopped goes on from there as if it had not been.
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/command_objective.hpp"
#include "support/evaluation_log.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/evolution/progress.hpp"
#include "tdca/evolution/stop_signal.hpp"
#include "tdca/optimization/asynchronous_search.hpp"
#include "tdca/optimization/optimize.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    std::vector<std::string> words;
    std::filesystem::path csv = "evaluations.csv";
    std::filesystem::path picture;
    std::size_t evaluations = 200;
    std::size_t workers = 1;
    double timeout = 3600;
    bool is_noisy = false;
    bool resume = false;
};

void tell_end(const CommandObjective& objective, const AsynchronousSearch<>& search,
              const std::filesystem::path& csv) {
    const auto& found = search.search();
    std::printf("lowest value %s after %zu evaluations, %zu of them failed; all of them in %s\n",
                to_text(found.best_value()).c_str(), found.evaluations(), found.invalid(),
                csv.c_str());
    for (std::size_t i = 0; i < objective.names().size(); ++i) {
        std::printf("    %s = %s\n", objective.names()[i].c_str(),
                    objective.text_of(i, found.best_point()[i]).c_str());
    }
    std::printf("    %s\n", objective.command(found.best_point()).c_str());
}

int run(const Options& given) {
    Options options = given;
    if (options.quick && options.words.empty()) {
        options.words = {"awk 'BEGIN { print ({x} - 1)^2 }'", "x=-5..5"};
        options.evaluations = 12;
        options.csv = "quick_evaluations.csv";
        std::filesystem::remove(options.csv);
    }
    const CommandObjective objective(options.words, options.timeout);
    AsynchronousSearch<> search;
    search.begin(shipped_optimizer(), objective.box(),
                 {.evaluations = options.evaluations, .is_noisy = options.is_noisy},
                 Key(options.seed));
    EvaluationLog log(options.csv, objective, options.resume);
    ProgressBar progress("minimising", options.evaluations);
    WorkerPool pool(objective, options.workers);
    const StopSignal stop;
    while (!search.done() && !stop.requested()) {
        // Who is free gets a point at once: then the order of results is all that there is to know.
        while (pool.running() + log.waiting() < options.workers) {
            const auto trial = search.ask();
            if (!trial) break;
            if (!log.expects(trial->ticket, trial->point)) pool.start(trial->ticket, trial->point);
        }
        const bool is_old = log.has_next();
        const Evaluation one = is_old ? log.next() : pool.wait();
        if (!is_old) log.add(one);
        search.tell(one.ticket, one.value);
        progress.report(search.search().evaluations(), to_text(search.search().best_value()));
    }
    if (!stop.requested() && log.left_over() > 0) {
        throw Error(options.csv.string(), "it has more evaluations than this search would make");
    }
    // What still runs was begun: it is kept, and may be the best.
    while (pool.running() > 0) {
        const Evaluation one = pool.wait();
        log.add(one);
        search.tell(one.ticket, one.value);
    }
    tell_end(objective, search, options.csv);
    if (!options.picture.empty()) log.draw(options.picture);
    if (!stop.requested()) return 0;
    std::printf("stopped; the same command with --resume goes on\n");
    return stop.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Minimises what a command prints", "minimize_command");
    options.add_to(line);
    line.texts("words", options.words,
               "the command, with {NAME} for each variable, then NAME=LOW..HIGH for each; behind "
               "it :log, :int or :periodic; NAME=VALUE fixes one");
    line.count("--evaluations", options.evaluations, "runs of the command", {.least = 1});
    line.count("--workers", options.workers, "runs at a time", {.least = 1, .most = 1000});
    line.real("--timeout", options.timeout, "seconds after which a run counts as failed",
              {.least = 0.01, .most = 1e7});
    line.flag("--noisy", options.is_noisy, "the same variables can give different values");
    line.file_to_write("--csv", options.csv, "a line for each evaluation");
    line.flag("--resume", options.resume, "go on from that file");
    line.file_to_write("--picture", options.picture, "lowest value against evaluations, as PNG");
    return run_program(line, argc, argv, [&] { return run(options); });
}
