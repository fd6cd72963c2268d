// What credit diffusion costs against the width of a layer and the number of sources.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "measure/contest.hpp"
#include "measure/line.hpp"
#include "support/command_line.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/core/memory.hpp"
#include "tdca/core/number.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

constexpr std::size_t samples = 64;
constexpr std::size_t inputs = 256;

template <class T>
using OnHeap = std::vector<T, LargePages<T>>;

/// Credits of one hidden layer of `Width` neurons from `Sources` sources (TDCA-network, diffusion
/// and gate), against the layer's own forward pass.
template <std::size_t Width, std::size_t Sources>
class Diffusing {
    using Net = Network<Input<inputs>, Dense<Width, Relu>, Dense<10, Softmax>>;
    using TopDown = TopDownNetwork<ClassificationSignal<10>, Hidden<8>, GaussianDiffusion<Sources>>;

public:
    static std::string name() {
        return to_text(Width) + " neurons, " + to_text(Sources) + " sources";
    }

    Diffusing() {
        TopDown::initialize(genome_, Key(1));
        TopDown::template begin<Net>(genome_, Key(2), state_[0]);
        Net::initialize(params_[0], Key(3));
        Key(4).fill_normal(std::span<float>(in_));
        for (std::size_t s = 0; s < samples; ++s) labels_[s] = static_cast<std::uint16_t>(s % 10);
        Net::template forward<samples>(params_[0], in(), activities_[0], eligibilities_);
    }

    measure::ContestResult run(const measure::Rounds& rounds) {
        measure::Contest contest(name());
        contest.add("credit", [this] {
            static_cast<void>(TopDown::template assign<Net, samples>(
                genome_, Progress::at(1, 100, 1.0F),
                std::span<const std::uint16_t, samples>(labels_), activities_[0], eligibilities_,
                state_[0], workspace_[0], credits_[0]));
        });
        contest.add("forward", [this] {
            Net::template forward_layer<0, samples>(params_[0], in(), activities_[0],
                                                    eligibilities_);
        });
        return contest.run(rounds);
    }

private:
    [[nodiscard]] std::span<const float, samples * inputs> in() const {
        return std::span<const float, samples * inputs>(in_);
    }

    typename TopDown::Genome genome_;
    OnHeap<typename TopDown::template State<Net>> state_{1};
    OnHeap<typename TopDown::template Workspace<Net, samples>> workspace_{1};
    OnHeap<typename Net::Params> params_{1};
    OnHeap<typename Net::template Activities<samples>> activities_{1};
    OnHeap<typename Net::template Activities<samples>> credits_{1};
    typename Net::template Eligibilities<samples> eligibilities_;
    std::vector<float> in_ = std::vector<float>(samples * inputs);
    std::array<std::uint16_t, samples> labels_{};
};

class Study {
public:
    explicit Study(const ProgramOptions& options)
        : report_(run_facts("diffusion", options)),
          rounds_(options.quick ? measure::Rounds::quick() : measure::Rounds{}) {}

    template <std::size_t Width, std::size_t Sources>
    void add() {
        const auto result = std::make_unique<Diffusing<Width, Sources>>()->run(rounds_);
        share_ = result.ratio("credit", "forward").median;
        std::printf("%-28s  credit %9.1f us, forward pass with %zu inputs %9.1f us: %5.1f %%\n",
                    result.name().c_str(), 1e6 * result.seconds("credit").median, inputs,
                    1e6 * result.seconds("forward").median, 100 * share_);
        std::fflush(stdout);
        report_["contests"][result.name()] = result.report();
        if (Sources == 32) {
            widths_.push_back(static_cast<double>(Width));
            seconds_.push_back(result.seconds("credit").median);
        }
    }

    /// Of the contest added last.
    [[nodiscard]] double share() const { return share_; }
    [[nodiscard]] measure::Line line() const { return measure::Line::through(widths_, seconds_); }
    [[nodiscard]] Json& report() { return report_; }

private:
    Json report_;
    measure::Rounds rounds_;
    std::vector<double> widths_;
    std::vector<double> seconds_;
    double share_ = 0;
};

int run(const ProgramOptions& options) {
    Study study(options);
    study.add<1024, 8>();
    study.add<1024, 128>();
    study.add<1024, 32>();
    study.add<2048, 32>();
    study.add<8192, 32>();
    study.add<65536, 32>();
    const bool holds = study.share() < 1;
    study.report()["line_in_width"] = {{"seconds_each", study.line().each},
                                       {"largest_relative_deviation", study.line().deviation}};
    if (!options.json.empty()) save_json(options.json, study.report());
    std::printf(
        "%s  d: credit for 65536 neurons costs %.0f %% of their forward pass with 256 inputs; "
        "a straight line in the width within %.0f %%\n",
        holds ? "holds " : "FAILS ", 100 * study.share(), 100 * study.line().deviation);
    return options.quick || holds ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    ProgramOptions options;
    CommandLine line("Measures what credit diffusion costs", "diffusion");
    options.add_to(line);
    return run_program(line, argc, argv, [&] { return run(options); });
}
