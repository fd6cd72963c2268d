// A table of architectures that the universal genome trains: what its examples share.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/comparison.hpp"
#include "support/datasets.hpp"
#include "support/designs.hpp"
#include "support/statistics.hpp"
#include "support/versus.hpp"
#include "tdca/io/json.hpp"

namespace tdca::support {

/// Feedback that is drawn at random and stays as it is, under a genome that was not evolved: what
/// the TDCA-network has to add to.
template <class Net>
using FixedFeedbackLearner =
    Learner<Net, TopDownNetwork<ClassificationSignal<Net::output_shape::size>, Hidden<8>,
                                NoDiffusion<>, FixedFeedback>>;

/// Options of its programs.
struct ArchitectureOptions : ProgramOptions {
    std::size_t updates = 1000;
    std::size_t seeds = 8;

    void add_to(CLI::App& app) {
        ProgramOptions::add_to(app);
        app.add_option("--updates", updates, "of each life, on minibatches of 64")
            ->check(CLI::PositiveNumber)
            ->capture_default_str();
        app.add_option("--seeds", seeds, "lives for each genome")
            ->check(CLI::PositiveNumber)
            ->capture_default_str();
    }
};

/// Test accuracies on Fashion-MNIST of networks trained by the universal genomes of three
/// evolutions, none of which saw anything but dense layers.
class ArchitectureTable {
public:
    ArchitectureTable(const std::string& program, const ArchitectureOptions& options)
        : options_(options),
          updates_(options.quick ? 20 : options.updates),
          data_(load_dataset("fashion_mnist")),
          genomes_(load_genomes<TdcaGenome>("universal", options.quick ? 1 : 3)),
          arena_{data_.train(),         data_.validation(), data_.test(),
                 Key(options.seed) / 1, options.threads,    options.quick ? 2 : options.seeds},
          report_(run_facts(program, options)) {
        report_["updates"] = updates_;
        std::printf("test accuracy in %% on Fashion-MNIST after %zu updates on minibatches of 64\n",
                    updates_);
    }

    /// A network under each of the genomes.
    template <class Net>
    void network(const std::string& name) {
        row<TdcaLearner<Net>>(name);
    }

    /// A learner that takes the same genomes, under each of them.
    template <class LearnerType>
    void row(const std::string& name) {
        std::vector<double> all;
        Json each = Json::object();
        const Stopwatch clock;
        for (const auto& [genome, genes] : genomes_) {
            const auto accuracies = test_accuracies<LearnerType>(arena_, genes, updates_);
            each[genome] = accuracies;
            all.insert(all.end(), accuracies.begin(), accuracies.end());
        }
        add(name, "TDCA", all, clock.seconds(), LearnerType::network::parameter_count);
        report_["cells"][name]["TDCA"]["genomes"] = each;
    }

    /// The same network under random feedback.
    template <class Net>
    void fixed_feedback(const std::string& name) {
        using L = FixedFeedbackLearner<Net>;
        typename L::Genome genome;
        L::initialize(genome, Key(0));
        const Stopwatch clock;
        add(name, "fixed random feedback", test_accuracies<L>(arena_, genome, updates_),
            clock.seconds(), Net::parameter_count);
    }

    void save() const {
        if (!options_.json.empty()) save_json(options_.json, report_);
    }

private:
    void add(const std::string& name, const std::string& by, const std::vector<double>& accuracies,
             double seconds, std::size_t parameters) {
        const Summary summary = summarize(accuracies);
        std::printf("%-28s %-22s %6.2f ± %.2f  (n %zu, %zu parameters)\n", name.c_str(), by.c_str(),
                    summary.mean, summary.margin(), summary.n, parameters);
        std::fflush(stdout);
        Json cell = to_json(summary);
        cell["accuracies"] = accuracies;
        cell["parameters"] = parameters;
        cell["seconds"] = seconds;
        report_["cells"][name][by] = cell;
    }

    const ArchitectureOptions& options_;
    std::size_t updates_;
    ExperimentData data_;
    std::vector<Named<TdcaGenome>> genomes_;
    Arena arena_;
    Json report_;
};

/// Runs a program whose table `fill(table)` fills.
template <class Fill>
int run_architectures(const std::string& name, const std::string& description, int argc,
                      char** argv, Fill&& fill) {
    ArchitectureOptions options;
    CLI::App app(description, name);
    options.add_to(app);
    return run_program(app, argc, argv, [&] {
        ArchitectureTable table(name, options);
        fill(table);
        table.save();
        return 0;
    });
}

}  // namespace tdca::support
