// The copy and the adding problem over delays: how long recurrent networks remember that learn by
// eligibility traces, forward in time. The universal genome as it is, which never saw a sequence,
// or with --genome architectures those that were evolved on shorter problems of these kinds.
#include "support/memory_problems.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "support/architecture_table.hpp"
#include "support/sequence_data.hpp"
#include "tdca/bottom_up/cells.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

/// A gated recurrent unit whose updating gate is born to keep a share of 1 / e over so many steps:
/// log `Memory` is the largest of the biases that Tallec & Ollivier (arXiv:1804.11188) draw.
template <std::size_t Memory>
struct PatientGruCell : GruCell {
    /// What a sum's bias is born as.
    static double bias(std::size_t gate) noexcept {
        return gate == 1 ? std::log(static_cast<double>(Memory)) : 0;
    }
};

/// The rows of the table that are networks.
const std::vector<std::string> network_names{
    "the last step alone", "all steps in sight", "Rnn<32, 32>", "Gru<32>", "Lstm<32>",
    "Gru<32>, patient"};

struct MemoryOptions : LivesOptions {
    std::vector<std::string> delays{"10", "30", "100"};
    std::vector<std::string> networks{network_names};
    std::filesystem::path save_data;  ///< empty: nowhere

    void add_to(CommandLine& line) {
        LivesOptions::add_to(line);
        line.choices("--delays", delays, "some of these", delays);
        line.choices("--networks", networks, "only these", network_names);
        line.folder_to_write(
            "--save-data", save_data,
            "write the sequences to this folder as safetensors files, and learn nothing");
    }
};

/// Test accuracies on every problem.
class MemoryTable {
public:
    explicit MemoryTable(const MemoryOptions& options)
        : options_(options),
          updates_(options.quick ? 20 : options.updates),
          sizes_(options.quick ? PartSizes{640, 64, 64} : PartSizes{20000, 2000, 5000}),
          genomes_(load_genomes<ClassifierGenome>(options.genome, options.quick ? 1 : 3)),
          report_(run_facts("memory_problems", options)) {
        report_["genome"] = options.genome;
        report_["updates"] = updates_;
    }

    template <template <std::size_t> class Problem, std::size_t... Delays>
    void over_delays() {
        const auto wanted = [this](const std::string& delay) {
            return std::ranges::find(options_.delays, delay) != options_.delays.end();
        };
        ((wanted(to_text(Delays)) ? problem<Problem<Delays>>(to_text(Delays)) : void()), ...);
    }

    void save() const {
        if (!options_.json.empty()) save_json(options_.json, report_);
    }

private:
    template <class Problem>
    void problem(const std::string& delay) {
        const Key key = Key(options_.seed) / 0;
        const SequenceData data = sequences<Problem>(key, sizes_);
        if (!options_.save_data.empty()) {
            data.save(options_.save_data /
                      (std::string(Problem::name) + "_" + delay + ".safetensors"));
            return;
        }
        Json& rows = report_["cells"][Problem::name][delay];
        std::printf("\n%s problem, delay %s: test accuracy in %% after %zu updates of 64\n",
                    Problem::name, delay.c_str(), updates_);
        known("chance", 1.0 / Problem::classes, rows);
        known("half remembered", Problem::half_known(), rows);
        row<DenseClassifier<Problem::features, 32>>(0, sequences<Problem>(key, sizes_, 1), rows);
        row<DenseClassifier<Problem::steps * Problem::features, 32>>(1, data, rows);
        row<Reader<Problem, Rnn<32, 32>>>(2, data, rows);
        row<Reader<Problem, Gru<32>>>(3, data, rows);
        row<Reader<Problem, Lstm<32>>>(4, data, rows);
        row<Reader<Problem, Recurrent<32, PatientGruCell<Problem::steps>>>>(5, data, rows);
    }

    template <std::size_t Features, std::size_t Width>
    using Classifier = Mlp<Features, 8, Relu, Width>;

    /// What needs no network to be known.
    static void known(const char* name, double accuracy, Json& rows) {
        std::printf("%-20s %6.2f\n", name, 100 * accuracy);
        rows[name]["mean"] = 100 * accuracy;
    }

    /// A network, by the place of its name, under each of the genomes.
    template <class Net>
    void row(std::size_t place, const SequenceData& data, Json& rows) const {
        const std::string& name = network_names[place];
        const auto& wanted = options_.networks;
        if (std::ranges::find(wanted, name) == wanted.end()) return;
        const Arena arena{data.train(),     data.validation(),
                          data.test(),      Key(options_.seed) / 1,
                          options_.threads, options_.quick ? 2 : options_.seeds};
        auto [accuracies, cell] =
            under_each_genome<ClassifierLearner<Net>>(arena, genomes_, updates_);
        const Summary summary = summarize(accuracies);
        std::printf("%-20s %6.2f ± %.2f  (n %zu, deviation %.2f, %zu parameters)\n", name.c_str(),
                    summary.mean, summary.margin(), summary.n, summary.deviation,
                    Net::parameter_count);
        std::fflush(stdout);
        rows[name] = std::move(cell);
        save();
    }

    const MemoryOptions& options_;
    std::size_t updates_;
    PartSizes sizes_;
    std::vector<Named<ClassifierGenome>> genomes_;
    Json report_;
};

template <std::size_t Delay>
using Copy = CopyProblem<Delay>;

}  // namespace

int main(int argc, char** argv) {
    MemoryOptions options;
    CommandLine line("How long recurrent networks remember that are trained by credits",
                     "memory_problems");
    options.add_to(line);
    return run_program(line, argc, argv, [&] {
        MemoryTable table(options);
        table.over_delays<Copy, 10, 30, 100>();
        table.over_delays<AddingProblem, 10, 30, 100>();
        return 0;
    });
}
