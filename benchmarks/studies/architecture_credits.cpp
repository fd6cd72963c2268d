// How near to steepest descent the credits of each layer of each architecture are, early and late
// in a life: where credits fail, it shows here first.
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "measure/descent.hpp"
#include "support/architecture_table.hpp"
#include "support/architectures.hpp"
#include "support/datasets.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

class Credits {
public:
    explicit Credits(const LivesOptions& options)
        : seeds_(options.quick ? 1 : options.seeds),
          directions_(options.quick ? 2 : 200),
          horizon_(options.quick ? 20 : options.updates),
          key_(options.seed),
          data_(load_dataset("fashion_mnist")),
          genome_(load_genome<ClassifierGenome>(shipped_genome(options.genome + ".safetensors"))
                      .genome),
          report_(run_facts("architecture_credits", options)) {
        report_["genome"] = options.genome;
        report_["updates"] = horizon_;
    }

    template <class Net>
    void network(const std::string& name) {
        of<ClassifierLearner<Net>>(name, genome_);
    }

    /// Feedback that stays as it is drawn, for comparison.
    template <class Net>
    void fixed_feedback(const std::string& name) {
        typename FixedFeedbackLearner<Net>::Genome genome;
        FixedFeedbackLearner<Net>::initialize(genome, Key(0));
        of<FixedFeedbackLearner<Net>>(name + ", fixed feedback", genome);
    }

    [[nodiscard]] const Json& report() const { return report_; }

private:
    template <class L>
    void of(const std::string& name, const typename L::Genome& genome) {
        using Net = typename L::network;
        const std::array<std::size_t, 3> ages{1, horizon_ / 10, horizon_ - 1};
        std::array<std::array<std::vector<double>, Net::depth>, 3> cosines;
        for (std::size_t seed = 0; seed < seeds_; ++seed) {
            const Key key = key_ / 1 / seed;
            Lifetime<L> life;
            measure::Descent<L> descent;
            life.begin(genome, key / 0, horizon_);
            const MinibatchSampler<64> sampler(data_.train(), key / 1);
            for (std::size_t a = 0; a < ages.size(); ++a) {
                life.train(sampler, ages[a] - life.state().age);
                const auto now = descent.cosines(life, key / 2, directions_);
                for (std::size_t i = 0; i < Net::depth; ++i) cosines[a][i].push_back(now[i]);
            }
        }
        std::printf("%s\n", name.c_str());
        for (std::size_t i = 0; i < Net::depth; ++i) {
            if (std::isnan(cosines[0][i].front())) continue;
            std::printf("  layer %2zu ", i + 1);
            for (std::size_t a = 0; a < ages.size(); ++a) {
                const Summary summary = summarize(cosines[a][i]);
                std::printf("  update %4zu: %5.2f ± %.2f", ages[a], summary.mean, summary.margin());
                Json cell = to_json(summary);
                cell["layer"] = i + 1;
                cell["update"] = ages[a];
                report_["networks"][name].push_back(cell);
            }
            std::printf("\n");
        }
        std::fflush(stdout);
    }

    std::size_t seeds_;
    std::size_t directions_;
    std::size_t horizon_;
    Key key_;
    ExperimentData data_;
    ClassifierGenome genome_;
    Json report_;
};

}  // namespace

int main(int argc, char** argv) {
    LivesOptions options;
    CommandLine line("Cosine between what layers learn and steepest descent, by differences",
                     "architecture_credits");
    options.add_to(line);
    return run_program(line, argc, argv, [&] {
        Credits credits(options);
        std::printf("cosine between credit × activity and steepest descent of the loss\n");
        credits.network<Convolutional>("8 and 16 maps, 3 × 3");
        credits.fixed_feedback<Convolutional>("8 and 16 maps, 3 × 3");
        credits.network<Rows<Gru<64>>>("Gru<64>, 28 rows");
        credits.network<Rows<Lstm<64>>>("Lstm<64>, 28 rows");
        credits.network<Rows<Rnn<64, 8>>>("Rnn<64, 8>, 28 rows");
        credits.network<AttendedRows>("attention over 28 rows");
        credits.network<TenLayers<Residual<Dense<64, Relu>>>>("ten layers, residual");
        credits.network<TenLayers<Dense<64, Relu>>>("ten layers, plain");
        if (!options.json.empty()) save_json(options.json, credits.report());
        return 0;
    });
}
