// Forward paths that nobody can read: hidden gains, stuck synapses, hard steps, ternary weights.
// Credits beside backpropagation through what was written: physics-aware training, straight-through
// estimators.
#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "baseline/setting.hpp"
#include "support/command_line.hpp"
#include "support/comparison.hpp"
#include "support/datasets.hpp"
#include "support/designs.hpp"
#include "support/versus.hpp"
#include "tdca/bottom_up/faulty.hpp"
#include "tdca/bottom_up/quantized.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    std::size_t updates = 1000;
    std::size_t seeds = 4;
    bool check = false;
};

template <class Hidden, class Output, class Indices>
struct StackOf;
template <class Hidden, class Output, std::size_t... Index>
struct StackOf<Hidden, Output, std::index_sequence<Index...>> {
    template <std::size_t>
    using Same = Hidden;
    using type = Network<Input<784>, Same<Index>..., Output>;
};
using Top = Dense<10, Softmax, ScaledNormal>;
template <std::size_t Depth, class Hidden, class Output = Top>
using Stack = typename StackOf<Hidden, Output, std::make_index_sequence<Depth>>::type;

class Study {
public:
    explicit Study(const Options& options)
        : options_(options),
          data_(load_dataset("fashion_mnist")),
          genomes_(load_genomes<ClassifierGenome>("universal", options.quick ? 1 : 3)),
          arena_{data_.train(),         data_.validation(), data_.test(),
                 Key(options.seed) / 1, options.threads,    options.quick ? 1 : options.seeds},
          updates_(options.quick ? 20 : options.updates),
          report_(run_facts("circuits", options)) {}

    int run() {
        const Stopwatch clock;
        std::printf("test accuracy in %% after %zu updates on Fashion-MNIST\n%-34s %-22s %s\n",
                    updates_, "hidden layers of 64", "credits",
                    "backpropagation through what was written");
        using Steps = Dense<64, HardStep>;
        const Pair plain = row<Stack<2, Dense<64, Relu>>>("2, as they should be");
        const Pair ternary =
            row<Stack<2, Quantized<Dense<64, Relu>, WeightLevels::ternary>>>("2, ternary weights");
        using Hidden = Dense<64, Relu>;
        const Pair deep = row<Stack<5, Hidden>>("5, as they should be");
        const std::vector<Pair> gains{row<Stack<5, Faulty<Hidden, 10>, Faulty<Top, 10>>>(
                                          "5, hidden gains of 10 %, all layers"),
                                      row<Stack<5, Faulty<Hidden, 30>, Faulty<Top, 30>>>(
                                          "5, hidden gains of 30 %, all layers"),
                                      row<Stack<5, Faulty<Hidden, 50>, Faulty<Top, 50>>>(
                                          "5, hidden gains of 50 %, all layers")};
        const std::vector<Pair> stuck{
            row<Stack<5, Faulty<Hidden, 0, 1>, Faulty<Top, 0, 1>>>("5, 1 % stuck, all layers"),
            row<Stack<5, Faulty<Hidden, 0, 5>, Faulty<Top, 0, 5>>>("5, 5 % stuck, all layers"),
            row<Stack<5, Faulty<Hidden, 0, 10>, Faulty<Top, 0, 10>>>("5, 10 % stuck, all layers")};
        const std::vector<Pair> steps{row<Stack<2, Steps>>("2, hard steps"),
                                      row<Stack<5, Steps>>("5, hard steps"),
                                      row<Stack<10, Steps>>("10, hard steps")};
        const bool holds = gains[1].ours - gains[1].theirs >= 2 && plain.ours - ternary.ours <= 1 &&
                           std::all_of(steps.begin(), steps.end(),
                                       [](const Pair& pair) { return pair.ours > pair.theirs; });
        std::printf(
            "%s  d: %.2f points ahead with gains of 30 %% (%.2f without, %.2f with 10, %.2f with "
            "50 %%; %.2f, %.2f and %.2f with 1, 5 and 10 %% of synapses stuck); hard steps %.2f, "
            "%.2f and %.2f ahead; ternary weights cost %.2f\n",
            holds ? "holds " : "FAILS ", gains[1].ours - gains[1].theirs, deep.ours - deep.theirs,
            gains[0].ours - gains[0].theirs, gains[2].ours - gains[2].theirs,
            stuck[0].ours - stuck[0].theirs, stuck[1].ours - stuck[1].theirs,
            stuck[2].ours - stuck[2].theirs, steps[0].ours - steps[0].theirs,
            steps[1].ours - steps[1].theirs, steps[2].ours - steps[2].theirs,
            plain.ours - ternary.ours);
        report_["seconds"] = clock.seconds();
        if (!options_.json.empty()) save_json(options_.json, report_);
        return options_.check && !holds ? 1 : 0;
    }

private:
    struct Pair {
        double ours;
        double theirs;
    };
    // One family of optimisers, so that each network is compiled once.
    template <class Net>
    using Exact = baseline::TextbookLearner<Net, baseline::AdamFamily>;

    template <class Net>
    Pair row(const std::string& name) {
        std::vector<double> ours;
        for (const auto& [label, genome] : genomes_) {
            const auto some = test_accuracies<ClassifierLearner<Net>>(arena_, genome, updates_);
            ours.insert(ours.end(), some.begin(), some.end());
        }
        const baseline::Setting setting = tuned<Net>();
        const auto theirs = test_accuracies<Exact<Net>>(
            arena_, baseline::settings_of<Exact<Net>>(setting), updates_);
        const Summary mine = summarize(ours);
        const Summary other = summarize(theirs);
        std::printf("%-34s %5.2f ± %.2f (%zu lives)  %5.2f ± %.2f (%zu)  %s\n", name.c_str(),
                    mine.mean, mine.deviation, ours.size(), other.mean, other.deviation,
                    theirs.size(), describe(setting).c_str());
        std::fflush(stdout);
        report_["rows"][name] = {{"credits", to_json(mine)},
                                 {"backpropagation", to_json(other)},
                                 {"setting", describe(setting)}};
        return {mine.mean, other.mean};
    }

    /// Adam or NAdam, falling to zero: rates a factor 2 apart, by validation, until the best is not
    /// at an end.
    template <class Net>
    [[nodiscard]] baseline::Setting tuned() const {
        Arena judge = arena_;
        judge.test = arena_.validation.first(2000);
        judge.key = arena_.tuning_key();
        judge.seeds = options_.quick ? 1 : 2;
        const auto judged = [&](const baseline::Setting& setting) {
            return summarize(test_accuracies<Exact<Net>>(
                                 judge, baseline::settings_of<Exact<Net>>(setting), updates_))
                .mean;
        };
        baseline::Setting best;
        double highest = -1;
        for (const char* optimizer : {"adam", "nadam"}) {
            float rate = 0.002F;
            double here = judged({optimizer, rate, baseline::RateCourse::linear});
            for (const float factor : {0.5F, 2.0F}) {
                float next = rate * factor;
                for (double there = judged({optimizer, next, baseline::RateCourse::linear});
                     there > here;
                     there = judged({optimizer, next, baseline::RateCourse::linear})) {
                    here = there;
                    rate = next;
                    next *= factor;
                }
            }
            if (here > highest) {
                highest = here;
                best = {optimizer, rate, baseline::RateCourse::linear};
            }
        }
        return best;
    }

    const Options& options_;
    ExperimentData data_;
    std::vector<Named<ClassifierGenome>> genomes_;
    Arena arena_;
    std::size_t updates_;
    Json report_;
};

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Learning in circuits that nobody can read", "circuits");
    options.add_to(line);
    line.count("--updates", options.updates, "of each life", {.least = 1});
    line.count("--seeds", options.seeds, "lives for each genome and figure", Whole::lives());
    line.flag("--check", options.check, "exit code 1 where the point does not hold");
    return run_program(line, argc, argv, [&] { return Study(options).run(); });
}
