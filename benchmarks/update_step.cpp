// One whole inner update against a training step of libtorch and PyTorch: forward, backward,
// optimiser.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "measure/contest.hpp"
#include "measure/update_bench.hpp"
#include "peers/environment.hpp"
#include "peers/process.hpp"
#include "support/command_line.hpp"
#include "support/designs.hpp"
#include "tdca/core/number.hpp"
#include "tdca/plasticity/plain.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

constexpr const char* ours = "tdca";

/// What a contest is about, as peers are told.
struct Setting {
    std::string layers;
    std::size_t samples;
    std::string optimizer;
    double factor;  ///< how many times as fast as libtorch on one thread we want to be
};

class Steps {
public:
    Steps(const ProgramOptions& options, std::string filter)
        : report_(run_facts("update_step", options)),
          // As long as a peer's turn: whoever comes after another process finds the caches cold.
          rounds_(options.quick ? measure::Rounds::quick() : measure::Rounds{31, 0.005}),
          quick_(options.quick),
          filter_(std::move(filter)) {}

    template <class Net, std::size_t Samples>
    void both_rules(const std::string& layers) {
        contest<Net, Samples, PlainPlasticity>({layers, Samples, "sgd", 2.3});
        contest<Net, Samples, AdamPlasticity>({layers, Samples, "adam", 3.0});
    }

    /// How much of an update the TDCA-network with diffusion and its plastic feedback takes.
    template <class Net>
    double share_of_top_down(const std::string& name) {
        constexpr std::size_t samples = 64;
        using L = ClassifierLearner<Net>;
        auto life = measure::ready_to_update<L, samples>();
        auto assigned = measure::ready_to_update<L, samples>();
        assigned.update();
        measure::Contest contest("share of the TDCA-network, " + name);
        contest.add(ours, [&] { life.update(); });
        contest.add("TDCA-network", [&] {
            static_cast<void>(L::template assign<samples>(
                assigned.genome(), assigned.course(),
                std::span<const std::uint16_t, samples>(assigned.labels()),
                assigned.workspace().activities, assigned.workspace().eligibilities,
                assigned.state(), assigned.workspace().assignment));
        });
        const auto result = contest.run(rounds_);
        result.print();
        report_["contests"][result.name()] = result.report();
        return result.ratio("TDCA-network", ours).median;
    }

    /// The worst of the wanted comparisons: how many times as fast over how many times wanted.
    [[nodiscard]] double worst() const { return worst_; }
    [[nodiscard]] const std::string& where() const { return where_; }
    [[nodiscard]] bool compared() const { return compared_; }
    [[nodiscard]] Json& report() { return report_; }

private:
    template <class Net, std::size_t Samples, class Rule>
    void contest(const Setting& setting) {
        const std::string name =
            setting.layers + ", batch " + to_text(setting.samples) + ", " + setting.optimizer;
        if (name.find(filter_) == std::string::npos) return;
        // Starting PyTorch takes seconds: once is enough to see that everything runs.
        if (quick_ && !report_["contests"].empty()) return;
        using L = Learner<Net, ClassifierTopDown<10>, Rule, StepSchedule<>>;
        auto life = measure::ready_to_update<L, Samples>();
        const double flops = measure::useful_flops<Net>(Samples);
        measure::Contest contest(name, flops);
        contest.add(ours, [&] { life.update(); });

        auto peers = start_peers(setting, 1);
        enter(peers, flops, contest);
        const auto result = contest.run(rounds_);
        result.print();
        report_["contests"][name] = result.report();
        const auto reference = std::find_if(peers.begin(), peers.end(),
                                            [](const auto& peer) { return peer.available(); });
        if (reference == peers.end()) return;
        if (setting.samples == 64) {
            compared_ = true;
            const double times = result.ratio(reference->name(), ours).median;
            if (times / setting.factor < worst_) {
                worst_ = times / setting.factor;
                where_ =
                    name + ": " + with_digits(times, 2) + " times as fast as " + reference->name();
            }
        }
        if (!quick_) on_two_threads(setting, name, flops);
    }

    /// Peers alone: their idle threads spin, and would slow down whoever else is in the contest.
    void on_two_threads(const Setting& setting, const std::string& name, double flops) {
        for (std::size_t p = 0; p < 2; ++p) {
            auto peers = start_peers(setting, 2);
            peers.erase(peers.begin() + (p == 0 ? 1 : 0));
            measure::Contest contest(name + ", peer on 2 threads", flops);
            enter(peers, flops, contest);
            if (contest.empty()) continue;
            const auto result = contest.run(rounds_);
            result.print();
            report_["contests"][result.name()]["contestants"][peers.front().name()] =
                result.report()["contestants"][peers.front().name()];
        }
    }

    static std::vector<peers::PeerProcess> start_peers(const Setting& setting, int threads) {
        std::string layers = setting.layers;
        std::replace(layers.begin(), layers.end(), '-', ',');
        const std::vector<std::string> arguments{"--layers",    layers,
                                                 "--batch",     to_text(setting.samples),
                                                 "--optimizer", setting.optimizer,
                                                 "--threads",   to_text(threads)};
        std::vector<peers::PeerProcess> peers;
        peers.emplace_back("libtorch", peers::program_peer("peer_libtorch_update", arguments),
                           threads);
        peers.emplace_back("PyTorch", peers::python_peer("pytorch_update.py", arguments), threads);
        return peers;
    }

    void enter(std::vector<peers::PeerProcess>& peers, double flops, measure::Contest& contest) {
        // As many steps a call as last about 5 ms on a core of 100 GFLOP/s.
        const auto steps = static_cast<std::size_t>(std::max(5e-3 * 100e9 / flops / 4, 1.0));
        for (auto& peer : peers) {
            if (!report_["peers"].contains(peer.name())) {
                std::printf("%-20s %s%s\n", peer.name().c_str(),
                            peer.available() ? "" : "MISSING: ", peer.detail().c_str());
                report_["peers"][peer.name()] = {{"detail", peer.detail()},
                                                 {"present", peer.available()}};
            }
            if (!peer.available()) continue;
            contest.add_timed(peer.name(), [&peer, steps] {
                return peer.run(steps) / static_cast<double>(steps);
            });
        }
    }

    Json report_;
    measure::Rounds rounds_;
    bool quick_;
    std::string filter_;
    double worst_ = 1e9;
    std::string where_;
    bool compared_ = false;
};

int run(const ProgramOptions& options, const std::string& filter) {
    Steps steps(options, filter);
    std::printf(
        "Microseconds, and percent of this core's FMA peak (forward and update alone; a "
        "backward pass needs up to half as many FLOPs again)\n");
    steps.both_rules<DenseClassifier<784, 64>, 64>("784-64-10");
    steps.both_rules<DenseClassifier<784, 256>, 64>("784-256-10");
    steps.both_rules<DenseClassifier<784, 256, 256>, 64>("784-256-256-10");
    steps.both_rules<DenseClassifier<784, 64>, 128>("784-64-10");
    steps.both_rules<DenseClassifier<784, 256>, 128>("784-256-10");
    steps.both_rules<DenseClassifier<784, 256, 256>, 128>("784-256-256-10");
    if (steps.report()["contests"].empty()) {
        throw Error("--filter", "is in no contest's name", "part of a name", "'" + filter + "'");
    }
    const double share = steps.share_of_top_down<DenseClassifier<784, 256, 256>>("784-256-256-10");
    if (!options.json.empty()) save_json(options.json, steps.report());

    const bool holds = steps.compared() && steps.worst() >= 1 && share < 0.1;
    std::printf(
        "%s  b: %s (wanted: 2.3 with sgd, 3 with adam); the TDCA-network takes %.1f %% of an "
        "update of 784-256-256-10\n",
        holds ? "holds " : "FAILS ",
        steps.compared() ? ("at worst, " + steps.where()).c_str()
                         : "neither libtorch nor PyTorch is there to compare with",
        100 * share);
    return options.quick || holds ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    peers::prepare_environment(argv, false);
    ProgramOptions options;
    CommandLine line("Measures one inner update against training steps of libtorch and PyTorch",
                     "update_step");
    options.add_to(line);
    std::string filter;
    line.text("--filter", filter, "only contests whose name holds this, such as 'adam'");
    return run_program(line, argc, argv, [&] { return run(options, filter); });
}
