// The next character of a book: embedding, gated recurrent units and softmax, trained by credits.
// The universal genome as it is, which never saw a sequence, a token or more than ten classes.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "support/architecture_table.hpp"
#include "support/sequence_data.hpp"
#include "support/text_data.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/bottom_up/embedding.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

constexpr std::size_t vocabulary = 64;
constexpr std::size_t length = 32;  // of what is read to foretell one character

using Text = NumberedText<vocabulary>;
using Window = std::span<const std::uint8_t>;

template <class Layer>
using Foreteller = Network<Input<length>, Embedding<vocabulary, 16>, Layer,
                           Dense<vocabulary, Softmax, ScaledNormal>>;
using GatedReader = Foreteller<Gru<64>>;

struct TextOptions : LivesOptions {
    std::filesystem::path text;
    std::filesystem::path save_data;  ///< empty: nowhere

    void add_to(CommandLine& line) {
        LivesOptions::add_to(line);
        line.file_to_read("--text", text,
                          "a file; else what TDCA_TEXT names, else the King James Version by "
                          "Debian's packages bible-kjv and bible-kjv-text");
        line.file_to_write("--save-data", save_data,
                           "write the windows to this safetensors file, and learn nothing");
    }
};

/// Windows of a text, each with the character that comes next, and who foretells it how well.
class TextTable {
public:
    explicit TextTable(const TextOptions& options)
        : options_(options),
          updates_(options.quick ? 20 : options.updates),
          sizes_(options.quick ? PartSizes{640, 64, 64} : PartSizes{200000, 5000, 10000}),
          text_(load_text(options.text)),
          data_("text", sizes_, length, vocabulary,
                [this](std::size_t i, std::span<float> numbers) {
                    const Window w = window(i);
                    std::copy(w.begin(), w.end() - 1, numbers.begin());
                    return w.back();
                }),
          genomes_(load_genomes<ClassifierGenome>(options.genome, options.quick ? 1 : 3)),
          report_(run_facts("character_text", options)) {
        report_["genome"] = options.genome;
        report_["updates"] = updates_;
        report_["characters"] = text_.size();
    }

    void run() {
        if (!options_.save_data.empty()) {
            data_.save(options_.save_data);
            return;
        }
        std::printf("%zu characters of %zu kinds; the next one after %zu, %zu updates of 64\n",
                    text_.size(), vocabulary, length, updates_);
        std::printf("%-26s %-22s %s\n", "", "bits a character", "accuracy in %");
        counts("counts, unigrams", 1);
        counts("counts, bigrams", 2);
        counts("counts, trigrams", 3);
        counts("counts, 5-grams", 5);
        row<Foreteller<Dense<64, Relu>>>("Embedding, Dense<64>");
        row<GatedReader>("Embedding, Gru<64>");
        tell();
        if (!options_.json.empty()) save_json(options_.json, report_);
    }

private:
    /// Window number i of all three parts, and the character after it.
    [[nodiscard]] Window window(std::size_t i) const {
        const auto part = i < sizes_.train                       ? Text::Part::train
                          : i < sizes_.train + sizes_.validation ? Text::Part::validation
                                                                 : Text::Part::test;
        return text_.window(part, length + 1, Key(options_.seed) / 0 / i);
    }

    static double bits(double nats) { return nats / std::log(2.0); }

    /// Counts of all training pieces, of which the networks see a part.
    void counts(const std::string& name, std::size_t order) {
        std::vector<Window> windows;
        for (std::size_t i = sizes_.train + sizes_.validation; i < sizes_.all(); ++i) {
            windows.push_back(window(i));
        }
        const Evaluation result =
            CountModel<vocabulary>(order, text_.whole(Text::Part::train)).evaluate(windows);
        std::printf("%-26s %6.3f %22.2f\n", name.c_str(), bits(result.loss), 100 * result.accuracy);
        std::fflush(stdout);
        report_["cells"][name] = {{"bits", {{"mean", bits(result.loss)}}},
                                  {"accuracy", {{"mean", 100 * result.accuracy}}}};
    }

    [[nodiscard]] Key life_key(std::size_t seed) const { return Key(options_.seed) / 1 / seed; }

    /// A network under each of the genomes.
    template <class Net>
    void row(const std::string& name) {
        const std::size_t seeds = options_.quick ? 2 : options_.seeds;
        std::vector<Evaluation> ends(genomes_.size() * seeds);
        const Stopwatch clock;
        parallel_for(ends.size(), options_.threads, [&](std::size_t i, std::size_t) {
            Lifetime<ClassifierLearner<Net>> life;
            life.live(genomes_[i / seeds].genome, data_.train(), life_key(i % seeds), updates_);
            ends[i] = life.evaluate(data_.test());
        });
        std::vector<double> losses;
        std::vector<double> accuracies;
        for (const Evaluation& end : ends) {
            losses.push_back(bits(end.loss));
            accuracies.push_back(100 * end.accuracy);
        }
        const Summary loss = summarize(losses);
        const Summary accuracy = summarize(accuracies);
        std::printf("%-26s %6.3f ± %-13.3f %6.2f ± %.2f  (n %zu, %zu parameters, %.0f s)\n",
                    name.c_str(), loss.mean, loss.margin(), accuracy.mean, accuracy.margin(),
                    loss.n, Net::parameter_count, clock.seconds());
        std::fflush(stdout);
        Json& cell = report_["cells"][name];
        cell = {{"bits", to_json(loss)},
                {"accuracy", to_json(accuracy)},
                {"parameters", Net::parameter_count},
                {"seconds", clock.seconds()}};
        for (std::size_t i = 0; i < ends.size(); ++i) {
            cell["genomes"][genomes_[i / seeds].name]["bits"].push_back(losses[i]);
            cell["genomes"][genomes_[i / seeds].name]["accuracies"].push_back(accuracies[i]);
        }
    }

    /// Lets one of the recurrent lives go on from a window of the test part.
    void tell() {
        Lifetime<ClassifierLearner<GatedReader>> life;
        life.live(genomes_.front().genome, data_.train(), life_key(0), updates_);
        const auto activities = std::make_unique<GatedReader::Activities<1>>();
        const auto eligibilities = std::make_unique<GatedReader::Eligibilities<1>>();
        const Window start = window(sizes_.train + sizes_.validation);
        std::vector<float> seen(start.begin(), start.end() - 1);
        std::string told;
        for (std::size_t i = 0; i < 300; ++i) {
            GatedReader::forward<1>(life.params(), std::span<const float>(seen).last<length>(),
                                    *activities, *eligibilities);
            const auto p = activities->get<GatedReader::depth - 1>();
            double rest = (Key(options_.seed) / 2).uniform(i);
            std::size_t next = 0;
            while (next + 1 < vocabulary && (rest -= static_cast<double>(p[next])) > 0) ++next;
            seen.push_back(static_cast<float>(next));
            told += text_.character(next);
        }
        std::string read;
        for (std::size_t i = 0; i < length; ++i) read += text_.character(start[i]);
        std::printf("\n%s|%s\n", read.c_str(), told.c_str());
        report_["sample"] = {{"read", read}, {"told", told}};
    }

    const TextOptions& options_;
    std::size_t updates_;
    PartSizes sizes_;
    Text text_;
    SequenceData data_;
    std::vector<Named<ClassifierGenome>> genomes_;
    Json report_;
};

}  // namespace

int main(int argc, char** argv) {
    TextOptions options;
    CommandLine line("The next character of a book, foretold by networks trained by credits",
                     "character_text");
    options.add_to(line);
    return run_program(line, argc, argv, [&] {
        TextTable(options).run();
        return 0;
    });
}
