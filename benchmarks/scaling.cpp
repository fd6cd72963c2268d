// How the cost of learning grows: width, depth, batch, updates, members; threads over members and
// over layers.
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "measure/contest.hpp"
#include "measure/line.hpp"
#include "measure/noise.hpp"
#include "measure/update_bench.hpp"
#include "support/command_line.hpp"
#include "support/designs.hpp"
#include "tdca/core/number.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/training/pipeline.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

constexpr const char* unit = "size ";

/// One axis: the same work at several sizes, timed in one contest.
class Axis {
public:
    explicit Axis(std::string name) : name_(std::move(name)) {}

    void add(std::size_t size, std::function<void()> work) {
        sizes_.push_back(static_cast<double>(size));
        work_.push_back(std::move(work));
    }

    /// @return whether cost is a straight line within 10 %
    bool run(const measure::Rounds& rounds, Json& report) const {
        measure::Contest contest(name_);
        for (std::size_t i = 0; i < work_.size(); ++i) contest.add(label(i), work_[i]);
        const auto result = contest.run(rounds);
        std::vector<double> seconds;
        for (std::size_t i = 0; i < work_.size(); ++i) {
            seconds.push_back(result.seconds(label(i)).median);
        }
        const auto line = measure::Line::through(sizes_, seconds);
        const double growth = seconds.back() / seconds.front();
        std::printf("%-34s", name_.c_str());
        for (std::size_t i = 0; i < work_.size(); ++i) {
            std::printf("  %g: %.4g us", sizes_[i], 1e6 * seconds[i]);
        }
        std::printf("   (%.2f times for %.3g; off a straight line by %.1f %%)\n", growth,
                    sizes_.back() / sizes_.front(), 100 * line.deviation);
        std::fflush(stdout);
        Json& entry = report["axes"][name_] = result.report();
        entry["growth"] = growth;
        entry["sizes"] = sizes_;
        entry["line"] = {{"fixed_seconds", line.fixed},
                         {"seconds_each", line.each},
                         {"largest_relative_deviation", line.deviation}};
        return line.deviation <= 0.1;
    }

private:
    [[nodiscard]] std::string label(std::size_t i) const {
        return unit + to_text(static_cast<std::size_t>(sizes_[i]));
    }

    std::string name_;
    std::vector<double> sizes_;
    std::vector<std::function<void()>> work_;
};

template <class Net, std::size_t Samples = 64>
std::function<void()> update_of() {
    using L = ClassifierLearner<Net>;
    auto life = std::make_shared<Lifetime<L, Samples>>(measure::ready_to_update<L, Samples>());
    return [life] { life->update(); };
}

template <std::size_t Width>
using Wide = DenseClassifier<784, Width>;

template <std::size_t Depth, std::size_t Width, class... Hidden>
struct DeepOf : DeepOf<Depth - 1, Width, Dense<Width, Relu>, Hidden...> {};
template <std::size_t Width, class... Hidden>
struct DeepOf<0, Width, Hidden...> {
    using type = Network<Input<Width>, Hidden..., Dense<10, Softmax, ScaledNormal>>;
};
template <std::size_t Depth, std::size_t Width>
using Deep = typename DeepOf<Depth, Width>::type;

/// One generation of `members` short lives.
std::function<void()> generation_of(const Dataset& data, std::size_t members) {
    using Task = TrainingTask<ClassifierLearner<DenseClassifier<196, 32>>>;
    const Task task(all(data).first(18'000), all(data).rest(18'000), {50}, 64);
    auto evolution =
        std::make_shared<Evolution<Snes, Task>>(Snes({.members = members}), task, Key(1), 1);
    return [evolution] { static_cast<void>(evolution->step()); };
}

std::function<void()> life_of(const Dataset& data, std::size_t updates) {
    using L = ClassifierLearner<DenseClassifier<196, 32>>;
    auto life = std::make_shared<Lifetime<L>>();
    typename L::Genome genome;
    L::initialize(genome, Key(1));
    return [life, genome, &data, updates] { life->live(genome, data, Key(1), updates); };
}

/// Four equal layers: an update on one thread against one with layers at work side by side.
template <std::size_t Width>
void layers_side_by_side(const measure::Rounds& rounds, Json& report) {
    using L = ClassifierLearner<Deep<4, Width>>;
    constexpr std::size_t updates = 50;
    const Dataset data = measure::noise(2'000, Width);
    const MinibatchSampler<64> sampler(data, Key(3));
    auto alone = measure::ready_to_update<L, 64>();
    auto life = measure::ready_to_update<L, 64>();
    Pipeline<L> pipeline;
    measure::Contest contest("4 layers of " + to_text(Width));
    contest.add("1 thread", [&] { alone.train(sampler, updates); });
    contest.add("2 threads", [&] { pipeline.train(life, sampler, updates, 2); });
    const auto result = contest.run(rounds);
    const auto gain = result.ratio("1 thread", "2 threads");
    std::printf(
        "%-34s  one update %.4g us on 1 thread, layers side by side on 2: %.2f times as "
        "fast (%.2f to %.2f)\n",
        result.name().c_str(), 1e6 * result.seconds("1 thread").median / updates, gain.median,
        gain.lower, gain.upper);
    std::fflush(stdout);
    report["layers_side_by_side"][result.name()] = result.report();
    report["layers_side_by_side"][result.name()]["times_as_fast_on_2_threads"] = to_json(gain);
}

int run(const ProgramOptions& options) {
    Json report = run_facts("scaling", options);
    const auto rounds = options.quick ? measure::Rounds::quick() : measure::Rounds{};
    bool straight = true;

    Axis width("width: 784-W-10");
    width.add(64, update_of<Wide<64>>());
    width.add(128, update_of<Wide<128>>());
    width.add(320, update_of<Wide<320>>());
    width.add(640, update_of<Wide<640>>());
    straight &= width.run(rounds, report);

    Axis depth("depth: 128-(D x 128)-10");
    depth.add(1, update_of<Deep<1, 128>>());
    depth.add(2, update_of<Deep<2, 128>>());
    depth.add(5, update_of<Deep<5, 128>>());
    depth.add(10, update_of<Deep<10, 128>>());
    straight &= depth.run(rounds, report);

    Axis batch("batch: 784-64-10");
    batch.add(16, update_of<Wide<64>, 16>());
    batch.add(32, update_of<Wide<64>, 32>());
    batch.add(80, update_of<Wide<64>, 80>());
    batch.add(160, update_of<Wide<64>, 160>());
    // No claim: Adam and the reading of synapses cost the same for any number of samples.
    static_cast<void>(batch.run(rounds, report));

    const Dataset data = measure::noise(20'000, 196);
    Axis updates("updates of a life: 196-32-10");
    for (const std::size_t count : {100U, 200U, 500U, 1000U})
        updates.add(count, life_of(data, count));
    straight &= updates.run(rounds, report);

    Axis members("members: 50 updates of 196-32-10");
    for (const std::size_t count : {8U, 16U, 40U, 80U})
        members.add(count, generation_of(data, count));
    straight &= members.run(rounds, report);

    layers_side_by_side<32>(rounds, report);
    layers_side_by_side<64>(rounds, report);
    layers_side_by_side<128>(rounds, report);
    layers_side_by_side<256>(rounds, report);
    layers_side_by_side<512>(rounds, report);

    if (!options.json.empty()) save_json(options.json, report);
    std::printf(
        "%s  d: cost over a decade of width, depth, updates and members is a "
        "straight line within 10 %%\n",
        straight ? "holds " : "FAILS ");
    return options.quick || straight ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    ProgramOptions options;
    CommandLine line("Measures how the cost of learning grows", "scaling");
    options.add_to(line);
    return run_program(line, argc, argv, [&] { return run(options); });
}
