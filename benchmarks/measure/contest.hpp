// Contest: several ways to do the same work, timed in turn; the only header that includes Google
// Benchmark.
#pragma once

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "measure/peak.hpp"
#include "tdca/core/error.hpp"
#include "tdca/io/json.hpp"

namespace tdca::measure {

/// How long a contest lasts.
struct Rounds {
    std::size_t count = 31;
    double seconds = 0.002;  ///< each contestant's share of a round, at least

    /// Enough to see that everything runs.
    static constexpr Rounds quick() { return {2, 0.0}; }
};

/// Median and quartiles: what a noisy machine leaves of a set of timings.
struct Spread {
    double median = 0;
    double lower = 0;  ///< first quartile
    double upper = 0;  ///< third quartile

    static Spread of(const std::vector<double>& values) {
        return {quantile(values, 0.5), quantile(values, 0.25), quantile(values, 0.75)};
    }
};

[[nodiscard]] inline Json to_json(const Spread& spread) {
    return {{"median", spread.median}, {"quartiles", {spread.lower, spread.upper}}};
}

/// One contestant's seconds for the work, one entry a round.
struct Timing {
    std::string contestant;
    std::vector<double> seconds;
};

/// What a contest found. Entry i of every timing was taken within the same round.
class ContestResult {
public:
    ContestResult(std::string name, double flops, std::vector<Timing> timings,
                  std::vector<double> peaks)
        : name_(std::move(name)),
          flops_(flops),
          timings_(std::move(timings)),
          peaks_(std::move(peaks)) {}

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const std::vector<Timing>& timings() const noexcept { return timings_; }
    [[nodiscard]] double peak() const { return median(peaks_); }

    [[nodiscard]] Spread seconds(const std::string& contestant) const {
        return Spread::of(find(contestant).seconds);
    }

    /// How many times as long as `other` the contestant took, round by round.
    [[nodiscard]] Spread ratio(const std::string& contestant, const std::string& other) const {
        std::vector<double> ratios = find(contestant).seconds;
        const std::vector<double>& divisors = find(other).seconds;
        for (std::size_t r = 0; r < ratios.size(); ++r) ratios[r] /= divisors[r];
        return Spread::of(ratios);
    }

    /// Useful FLOPs per second over the FMA peak of the same round.
    [[nodiscard]] Spread fraction_of_peak(const std::string& contestant) const {
        std::vector<double> fractions = find(contestant).seconds;
        for (std::size_t r = 0; r < fractions.size(); ++r) {
            fractions[r] = flops_ / fractions[r] / peaks_[r];
        }
        return Spread::of(fractions);
    }

    /// The fastest by its median, `besides` left out.
    [[nodiscard]] std::string fastest(const std::string& besides = {}) const {
        std::string best;
        for (const Timing& timing : timings_) {
            if (timing.contestant == besides) continue;
            if (best.empty() || median(timing.seconds) < median(find(best).seconds)) {
                best = timing.contestant;
            }
        }
        return best;
    }

    void print() const {
        std::printf("%-28s", name_.c_str());
        for (const Timing& timing : timings_) {
            std::printf("  %s %.3g us", timing.contestant.c_str(), 1e6 * median(timing.seconds));
            if (flops_ > 0) {
                std::printf(" (%.0f %%)", 100 * fraction_of_peak(timing.contestant).median);
            }
        }
        std::printf("\n");
        std::fflush(stdout);
    }

    [[nodiscard]] Json report() const {
        Json json{{"flops", flops_}, {"fma_peak_gflops", peak() / 1e9}, {"rounds", peaks_.size()}};
        const std::string& first = timings_.front().contestant;
        for (const Timing& timing : timings_) {
            Json& entry = json["contestants"][timing.contestant];
            entry["seconds"] = to_json(Spread::of(timing.seconds));
            if (flops_ > 0) {
                entry["fraction_of_peak"] = to_json(fraction_of_peak(timing.contestant));
            }
            if (timing.contestant != first) {
                entry["times_as_long_as_" + first] = to_json(ratio(timing.contestant, first));
            }
        }
        return json;
    }

private:
    [[nodiscard]] const Timing& find(const std::string& contestant) const {
        for (const Timing& timing : timings_) {
            if (timing.contestant == contestant) return timing;
        }
        throw Error(name_, "no contestant '" + contestant + "'");
    }

    std::string name_;
    double flops_;
    std::vector<Timing> timings_;
    std::vector<double> peaks_;
};

/// Google Benchmark times every contestant once a round, rounds in random order, and the core's FMA
/// peak with them, so that a noisy neighbour hits all alike.
class Contest {
public:
    /// @param flops that the work cannot do without; 0 where FLOPs are not the measure
    explicit Contest(std::string name, double flops = 0) : name_(std::move(name)), flops_(flops) {}

    /// A contestant that does the work once per call.
    void add(const std::string& contestant, std::function<void()> work) {
        entrants_.push_back(entrant(contestant, std::move(work)));
    }

    /// A contestant that tells how many seconds the work took, for work done in another process.
    void add_timed(const std::string& contestant, std::function<double()> seconds) {
        entrants_.push_back({contestant,
                             [seconds = std::move(seconds)](benchmark::State& state) {
                                 for ([[maybe_unused]] auto iteration : state) {
                                     state.SetIterationTime(seconds());
                                 }
                             },
                             true});
    }

    [[nodiscard]] bool empty() const noexcept { return entrants_.empty(); }

    [[nodiscard]] ContestResult run(const Rounds& rounds) const {
        initialize_once();
        std::vector<Timing> timings;
        // The peak is timed like everything else, and suffers what everything else suffers.
        std::vector<Entrant> entrants = entrants_;
        entrants.push_back(entrant(peak_name, [] { fma_work(peak_rounds); }));
        for (const Entrant& entrant : entrants) {
            if (entrant.name != peak_name) {
                timings.push_back({entrant.name, std::vector<double>(rounds.count)});
            }
            auto* const registered =
                benchmark::RegisterBenchmark(entrant.name.c_str(), entrant.body);
            registered->Repetitions(static_cast<int>(rounds.count));
            if (entrant.is_timed) {
                registered->UseManualTime()->Iterations(1);
            } else {
                registered->UseRealTime();
                // Google Benchmark takes no minimum of 0.
                if (rounds.seconds > 0) {
                    registered->MinTime(rounds.seconds);
                } else {
                    registered->Iterations(1);
                }
            }
        }
        std::vector<double> peaks(rounds.count);
        const auto note = [&](const std::string& contestant, std::size_t round, double seconds) {
            if (contestant == peak_name) peaks[round] = fma_work(peak_rounds) / seconds;
            for (Timing& timing : timings) {
                if (timing.contestant == contestant) timing.seconds[round] = seconds;
            }
        };
        Collector collector(note);
        benchmark::RunSpecifiedBenchmarks(&collector);
        benchmark::ClearRegisteredBenchmarks();
        return {name_, flops_, std::move(timings), std::move(peaks)};
    }

private:
    static constexpr const char* peak_name = "FMA peak";
    static constexpr std::size_t peak_rounds = 10'000;

    struct Entrant {
        std::string name;
        std::function<void(benchmark::State&)> body;
        bool is_timed;
    };

    static Entrant entrant(const std::string& contestant, std::function<void()> work) {
        return {contestant,
                [work = std::move(work)](benchmark::State& state) {
                    for ([[maybe_unused]] auto iteration : state) {
                        work();
                        benchmark::ClobberMemory();
                    }
                },
                false};
    }

    using Note = std::function<void(const std::string&, std::size_t, double)>;

    class Collector final : public benchmark::BenchmarkReporter {
    public:
        explicit Collector(Note note) : note_(std::move(note)) {}
        bool ReportContext(const Context& /*context*/) override { return true; }
        void ReportRuns(const std::vector<Run>& runs) override {
            for (const Run& run : runs) {
                if (run.run_type != Run::RT_Iteration) continue;
                note_(run.run_name.function_name, static_cast<std::size_t>(run.repetition_index),
                      run.real_accumulated_time / static_cast<double>(run.iterations));
            }
        }

    private:
        Note note_;
    };

    static void initialize_once() {
        static const bool done = [] {
            std::string program = "benchmark";
            std::string interleave = "--benchmark_enable_random_interleaving=true";
            char* arguments[] = {program.data(), interleave.data(), nullptr};
            int count = 2;
            benchmark::Initialize(&count, arguments);
            return true;
        }();
        static_cast<void>(done);
    }

    std::string name_;
    double flops_;
    std::vector<Entrant> entrants_;
};

}  // namespace tdca::measure
