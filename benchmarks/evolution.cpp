// Throughput of the outer loop: a generation of 64 members × 100 updates of 784-32-10 against the
// same work in PyTorch, and on two threads against one.
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "measure/contest.hpp"
#include "measure/noise.hpp"
#include "measure/update_bench.hpp"
#include "peers/environment.hpp"
#include "peers/process.hpp"
#include "support/command_line.hpp"
#include "support/designs.hpp"
#include "tdca/core/number.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/plasticity/plain.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

constexpr std::size_t members = 64;
constexpr std::size_t updates = 100;
constexpr std::size_t samples = 64;
using Net = DenseClassifier<784, 32>;
using Task =
    TrainingTask<Learner<Net, ClassifierTopDown<10>, PlainPlasticity, StepSchedule<>>, samples>;
constexpr const char* one = "tdca";
constexpr const char* two = "tdca, 2 threads";

int run(const ProgramOptions& options) {
    Json report = run_facts("evolution", options);
    const Dataset data = measure::noise(20'000, 784);
    const Task task(all(data).first(18'000), all(data).rest(18'000), {updates}, samples);
    Evolution<Snes, Task> alone(Snes({.members = members}), task, Key(options.seed), 1);
    Evolution<Snes, Task> pair(Snes({.members = members}), task, Key(options.seed), 2);

    // PyTorch has been seen to take minutes where the short form is to take seconds.
    const std::size_t peer_members = options.quick ? 2 : members;
    std::vector<peers::PeerProcess> peers;
    for (const std::string batches : {"own", "shared"}) {
        peers.emplace_back("PyTorch, " + batches + " minibatches",
                           peers::python_peer("pytorch_evolution.py",
                                              {"--members", to_text(peer_members), "--updates",
                                               to_text(updates), "--batches", batches}));
        const auto& peer = peers.back();
        std::printf("%-28s %s%s\n", peer.name().c_str(),
                    peer.available() ? "" : "MISSING: ", peer.detail().c_str());
        report["peers"][peer.name()] = {{"detail", peer.detail()}, {"present", peer.available()}};
    }

    const double flops =
        static_cast<double>(members * updates) * measure::useful_flops<Net>(samples);
    measure::Contest contest("generation", flops);
    contest.add_timed(one, [&] { return alone.step().seconds; });
    contest.add_timed(two, [&] { return pair.step().seconds; });
    for (auto& peer : peers) {
        if (peer.available()) contest.add_timed(peer.name(), [&] { return peer.run(1); });
    }
    const auto result = contest.run({options.quick ? std::size_t{1} : std::size_t{21}, 0});
    report["generation"] = result.report();
    std::printf("%.1f GFLOP a generation; this core's FMA peak is %.0f GFLOP/s\n", flops / 1e9,
                result.peak() / 1e9);
    for (const auto& timing : result.timings()) {
        const auto ratio = result.ratio(timing.contestant, one);
        std::printf("%-28s %7.3f s  %5.2f times as long as tdca (%.2f to %.2f)\n",
                    timing.contestant.c_str(), result.seconds(timing.contestant).median,
                    ratio.median, ratio.lower, ratio.upper);
    }
    if (!options.json.empty()) save_json(options.json, report);

    const double fraction = result.fraction_of_peak(one).median;
    const double speedup = result.ratio(one, two).median;
    const bool compared = peers.front().available();
    const double own = compared ? result.ratio(peers.front().name(), one).median : 0;
    const bool holds = fraction >= 0.8 && own >= 2 && speedup >= 1.95;
    std::printf(
        "%s  c: a generation runs at %.0f %% of its FLOP limit; 2 threads are %.2f times as "
        "fast as 1; %s\n",
        holds ? "holds " : "FAILS ", 100 * fraction, speedup,
        compared ? ("PyTorch with own minibatches takes " + with_digits(own, 2) + " times as long")
                       .c_str()
                 : "PyTorch is missing");
    return options.quick || holds ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    peers::prepare_environment(argv, false);
    ProgramOptions options;
    CommandLine line("Measures a generation of the outer loop against PyTorch", "evolution");
    options.add_to(line);
    return run_program(line, argc, argv, [&] { return run(options); });
}
