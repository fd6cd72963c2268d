// How fast one update and the outer loop are, against this core's FMA peak and against one thread.
//
// Every round measures everything once, so that a noisy neighbour hits all alike; medians of many.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include "measure/noise.hpp"
#include "measure/peak.hpp"
#include "measure/update_bench.hpp"
#include "support/command_line.hpp"
#include "support/designs.hpp"
#include "support/statistics.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/plasticity/plain.hpp"
#include "tdca/training/lifetime.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

constexpr std::size_t samples = 64;

/// One learner with a minibatch in place, and its timings so far.
template <class LearnerType>
class UpdateBench {
public:
    explicit UpdateBench(const char* name) : name_(name) {}

    void round(std::size_t updates, double peak) {
        const double seconds = measure::seconds_of([&] {
            for (std::size_t u = 0; u < updates; ++u) life_.update();
        });
        const double each = seconds / static_cast<double>(updates);
        microseconds_.push_back(each * 1e6);
        ratios_.push_back(measure::useful_flops<typename LearnerType::network>(samples) / each /
                          peak);
    }

    [[nodiscard]] double ratio() const { return measure::median(ratios_); }

    [[nodiscard]] Json report() const {
        std::printf("%-34s %8.1f us   %5.1f %% of the FMA peak\n", name_,
                    measure::median(microseconds_), 100 * ratio());
        return {{"microseconds_median", measure::median(microseconds_)},
                {"microseconds", to_json(summarize(microseconds_))},
                {"fraction_of_peak_median", ratio()},
                {"fraction_of_peak", to_json(summarize(ratios_))},
                {"useful_flops", measure::useful_flops<typename LearnerType::network>(samples)}};
    }

private:
    const char* name_;
    Lifetime<LearnerType, samples> life_ = measure::ready_to_update<LearnerType, samples>();
    std::vector<double> microseconds_;
    std::vector<double> ratios_;
};

template <class Net>
using PlainLearner = Learner<Net, ClassifierTopDown<10>, PlainPlasticity, StepSchedule<>>;

int run(const ProgramOptions& options) {
    Json report = run_facts("framework_speed", options);
    const std::size_t rounds = options.quick ? 3 : 31;

    UpdateBench<PlainLearner<DenseClassifier<784, 64>>> plain("784-64-10, plain plasticity");
    UpdateBench<ClassifierLearner<DenseClassifier<784, 64>>> adam("784-64-10, Adam plasticity");
    UpdateBench<ClassifierLearner<DenseClassifier<784, 256>>> wide("784-256-10, Adam plasticity");
    UpdateBench<ClassifierLearner<DenseClassifier<784, 256, 256>>> deep(
        "784-256-256-10, Adam plasticity");
    std::vector<double> peaks;
    for (std::size_t r = 0; r < rounds; ++r) {
        const double peak = measure::fma_peak();
        peaks.push_back(peak);
        plain.round(200, peak);
        adam.round(200, peak);
        wide.round(50, peak);
        deep.round(50, peak);
    }
    std::printf("FMA peak of one core: %.0f GFLOP/s, median of %zu rounds\n",
                measure::median(peaks) / 1e9, rounds);
    report["fma_peak_gflops"] = measure::median(peaks) / 1e9;
    report["update"]["784-64-10_plain"] = plain.report();
    report["update"]["784-64-10_adam"] = adam.report();
    report["update"]["784-256-10_adam"] = wide.report();
    report["update"]["784-256-256-10_adam"] = deep.report();

    using Task = TrainingTask<ClassifierLearner<DenseClassifier<196, 32>>>;
    const Dataset data = measure::noise(20'000, 196);
    const Task task(all(data).first(18'000), all(data).rest(18'000), {100}, 1000);
    Evolution<Snes, Task> one(Snes{}, task, Key(1), 1);
    Evolution<Snes, Task> two(Snes{}, task, Key(1), 2);
    std::vector<double> speedups;
    for (std::size_t r = 0; r < rounds; ++r) {
        const double alone = one.step().seconds;
        speedups.push_back(alone / two.step().seconds);
    }
    const double speedup = measure::median(speedups);
    std::printf("outer loop, 2 threads against 1: %.2f times as fast\n", speedup);
    report["outer_loop_speedup_2_threads_median"] = speedup;
    report["outer_loop_speedup_2_threads"] = to_json(summarize(speedups));

    if (!options.json.empty()) save_json(options.json, report);
    const bool holds = plain.ratio() >= 0.6 && adam.ratio() >= 0.6 && speedup >= 1.8;
    std::printf(
        "%s  g: an update of 784-64-10 runs at %.0f %% (plain) and %.0f %% (Adam) of the "
        "FMA peak; 2 threads are %.2f times as fast as 1\n",
        holds ? "holds " : "FAILS ", 100 * plain.ratio(), 100 * adam.ratio(), speedup);
    return options.quick || holds ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    ProgramOptions options;
    CommandLine line("Measures one inner update and the outer loop", "framework_speed");
    options.add_to(line);
    return run_program(line, argc, argv, [&] { return run(options); });
}
