// One update of each architecture against a training step of PyTorch on the same network, one
// thread each; and what a recurrent layer's memory is at sequences of 28, 280 and 2,800 steps.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "measure/contest.hpp"
#include "measure/update_bench.hpp"
#include "peers/environment.hpp"
#include "peers/process.hpp"
#include "support/architectures.hpp"
#include "support/command_line.hpp"
#include "support/designs.hpp"
#include "tdca/core/number.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

constexpr std::size_t samples = 64;
constexpr const char* ours = "tdca";

class Speeds {
public:
    explicit Speeds(const ProgramOptions& options)
        : report_(run_facts("architecture_speed", options)),
          rounds_(options.quick ? measure::Rounds::quick() : measure::Rounds{21, 0.02}),
          steps_(options.quick ? 1 : 5),
          quick_(options.quick) {}

    /// @param peer the network's name in benchmarks/peers/pytorch_architectures.py
    /// @return how many times as fast as PyTorch; 0 where that is missing
    template <class Net>
    double against_pytorch(const std::string& name, const std::string& peer) {
        // Starting PyTorch takes seconds: once is enough to see that everything runs.
        if (quick_ && !report_["contests"].empty()) return 0;
        using L = ClassifierLearner<Net>;
        auto life = measure::ready_to_update<L, samples>();
        measure::Contest contest(name);
        contest.add(ours, [&] { life.update(); });
        peers::PeerProcess pytorch(
            "PyTorch", peers::python_peer("pytorch_architecture_update.py", {"--network", peer}));
        report_["peer"] = pytorch.detail();
        if (pytorch.available()) {
            contest.add_timed("PyTorch",
                              [&] { return pytorch.run(steps_) / static_cast<double>(steps_); });
        } else {
            std::printf("PyTorch MISSING: %s\n", pytorch.detail().c_str());
        }
        const auto result = contest.run(rounds_);
        result.print();
        report_["contests"][name] = result.report();
        return pytorch.available() ? result.ratio("PyTorch", ours).median : 0;
    }

    /// Bytes that an update of Gru<64> on so many steps works on, the sequences themselves aside.
    template <std::size_t Steps>
    std::size_t memory() {
        using Layer = typename Gru<64>::template Bound<float, Shape<Steps, 28>>;
        const std::size_t bytes = sizeof(typename Layer::template Eligibility<samples>);
        std::printf("Gru<64>, %4zu steps: %zu KiB of traces and scratch for %zu samples\n", Steps,
                    bytes / 1024, samples);
        report_["gru_eligibility_bytes"][to_text(Steps)] = bytes;
        return bytes;
    }

    [[nodiscard]] const Json& report() const { return report_; }

private:
    Json report_;
    measure::Rounds rounds_;
    std::size_t steps_;
    bool quick_;
};

}  // namespace

int main(int argc, char** argv) {
    peers::prepare_environment(argv, true);
    ProgramOptions options;
    CommandLine line("Updates of each architecture against PyTorch's", "architecture_speed");
    options.add_to(line);
    return run_program(line, argc, argv, [&] {
        Speeds speeds(options);
        const double conv = speeds.against_pytorch<Convolutional>("8 and 16 maps, 3 × 3", "conv");
        speeds.against_pytorch<Rows<Gru<64>>>("Gru<64>, 28 rows", "gru");
        speeds.against_pytorch<Rows<Lstm<64>>>("Lstm<64>, 28 rows", "lstm");
        speeds.against_pytorch<Rows<Rnn<64>>>("Rnn<64>, 28 rows", "rnn");
        speeds.against_pytorch<TenLayers<Residual<Dense<64, Relu>>>>("ten layers, residual",
                                                                     "residual");
        speeds.against_pytorch<AttendedRows>("attention over 28 rows", "attention");
        const std::size_t brief = speeds.memory<28>();
        // Of few steps a layer keeps no traces, but the steps themselves.
        const std::size_t traced = speeds.memory<280>();
        const bool is_constant = brief <= traced && speeds.memory<2800>() == traced;
        if (!options.json.empty()) save_json(options.json, speeds.report());
        const bool holds = (options.quick || conv >= 2) && is_constant;
        std::printf(
            "%s   the convolutional network is %.2f times as fast as PyTorch, wanted 2; "
            "memory is %s in the number of steps\n",
            holds ? "holds" : "FAILS", conv, is_constant ? "constant" : "NOT constant");
        return holds ? 0 : 1;
    });
}
