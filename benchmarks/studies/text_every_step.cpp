// The next character of a book at every step of a window: embedding, gated recurrent units and
// softmax, trained by credits that meet each step's traces, beside backpropagation through time.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "baseline/setting_json.hpp"
#include "baseline/sweep.hpp"
#include "baseline/through_time.hpp"
#include "support/architecture_table.hpp"
#include "support/text_data.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/bottom_up/embedding.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

constexpr std::size_t vocabulary = 64;
constexpr std::size_t length = 32;

using Text = NumberedText<vocabulary>;
using Net = Network<Input<length>, Embedding<vocabulary, 16>, Gru<64>,
                    Dense<vocabulary, Softmax, ScaledNormal>>;
template <baseline::WaysBack Ways>
using ThroughTime =
    baseline::ThroughTimeLearner<Net, baseline::AdamFamily, baseline::TextbookSchedule, Ways>;

struct TextOptions : LivesOptions {
    std::filesystem::path text;
    bool untuned = false;
    double pace = 1;

    void add_to(CommandLine& line) {
        LivesOptions::add_to(line);
        line.file_to_read("--text", text,
                          "a file; else what TDCA_TEXT names, else the King James Version by "
                          "Debian's packages bible-kjv and bible-kjv-text");
        line.real("--pace", pace, "factor on all step sizes of TDCA", {0.01, 100});
        line.flag("--credits-only", untuned, "without backpropagation through time");
    }
};

double bits(double nats) { return nats / std::log(2.0); }

/// What a life ends at, in bits a character.
struct End {
    double all;   ///< over all steps of a window
    double last;  ///< of the last step, which knows what came before best
};

class TextStudy {
public:
    explicit TextStudy(const TextOptions& options)
        : options_(options),
          updates_(options.quick ? 20 : options.updates),
          seeds_(options.quick ? 2 : options.seeds),
          text_(load_text(options.text)),
          train_(windows(Text::Part::train, options.quick ? 640 : 64000)),
          validation_(windows(Text::Part::validation, options.quick ? 64 : 2000)),
          test_(windows(Text::Part::test, options.quick ? 64 : 5000)),
          report_(run_facts("text_every_step", options)) {
        report_["updates"] = updates_;
        report_["pace"] = options.pace;
        report_["characters"] = text_.size();
        report_["parameters"] = Net::parameter_count;
    }

    void run() {
        std::printf("%zu characters of %zu kinds, windows of %zu, %zu updates of 64\n",
                    text_.size(), vocabulary, length, updates_);
        std::printf("%-34s %-22s %s\n", "", "bits a character", "after 32 characters");
        for (const char* family : {"universal", "architectures"}) {
            const auto genomes = load_genomes<ClassifierGenome>(family, options_.quick ? 1 : 3);
            row(std::string("TDCA, ") + family, genomes.size() * seeds_, [&](std::size_t i) {
                Lifetime<SequenceClassifierLearner<Net>> life;
                // As `live`, at another pace.
                Course course = Course::over(updates_, 64, train_.size());
                course.pace = static_cast<float>(options_.pace);
                const Key key = life_key(i % seeds_);
                life.begin(genomes[i / seeds_].genome, key / 0, course);
                life.train(
                    MinibatchSampler<64, SequenceClassifierLearner<Net>::Target>(train_, key / 1),
                    updates_);
                return end_of(life, test_);
            });
        }
        if (!options_.untuned) {
            textbook<baseline::WaysBack::all>("backpropagation through time");
            textbook<baseline::WaysBack::own_memory>("exact credit, own memory");
        }
    }

    [[nodiscard]] const Json& report() const { return report_; }

private:
    /// Windows of a part, each character but the first one to be foretold from those before.
    [[nodiscard]] Dataset windows(Text::Part part, std::size_t count) const {
        auto inputs = Matrix<float>::from_shape({count, length});
        auto labels = Matrix<std::uint16_t>::from_shape({count, length});
        for (std::size_t i = 0; i < count; ++i) {
            const auto window = text_.window(
                part, length + 1, Key(options_.seed) / 0 / static_cast<std::uint64_t>(part) / i);
            for (std::size_t t = 0; t < length; ++t) {
                inputs(i, t) = static_cast<float>(window[t]);
                labels(i, t) = window[t + 1];
            }
        }
        return {"text", std::move(inputs), labels, vocabulary};
    }

    [[nodiscard]] Key life_key(std::size_t seed) const { return Key(options_.seed) / 1 / seed; }

    template <class Life>
    static End end_of(Life& life, const Dataset& judged) {
        const auto each = life.evaluate_steps(judged);
        End end{0, bits(each.back().loss)};
        for (const Evaluation& step : each) end.all += bits(step.loss) / length;
        return end;
    }

    template <class LifeOf>
    void row(const std::string& name, std::size_t lives, const LifeOf& life_of) {
        const Stopwatch clock;
        std::vector<double> all(lives);
        std::vector<double> last(lives);
        parallel_for(lives, options_.threads, [&](std::size_t i, std::size_t) {
            const End end = life_of(i);
            all[i] = end.all;
            last[i] = end.last;
        });
        const Summary over_all = summarize(all);
        const Summary at_last = summarize(last);
        std::printf("%-34s %6.3f ± %-13.3f %6.3f ± %.3f  (n %zu, %.0f s)\n", name.c_str(),
                    over_all.mean, over_all.margin(), at_last.mean, at_last.margin(), lives,
                    clock.seconds());
        std::fflush(stdout);
        Json& cell = report_["cells"][name];
        cell["bits"] = to_json(over_all);
        cell["bits_after_32"] = to_json(at_last);
        cell["lives"] = all;
        cell["lives_after_32"] = last;
        cell["seconds"] = clock.seconds();
        if (!options_.json.empty()) save_json(options_.json, report_);
    }

    /// Adam and NAdam, linear and cosine, rates a factor 2 apart until the best of a line is
    /// inside; the best two lines with an output layer born zero as well; the best three settings
    /// by three lives each. By validation windows.
    template <class Learner>
    [[nodiscard]] baseline::Setting tune(Json& tried) const {
        std::map<baseline::Setting, std::vector<double>> figures;
        const auto live = [&](const baseline::Setting& setting, std::size_t lives) {
            auto& own = figures[setting];
            while (own.size() < lives) {
                Lifetime<Learner> life;
                life.live(baseline::settings_of<Learner>(setting), train_,
                          life_key(1000 + own.size()), updates_);
                const double loss = life.evaluate(validation_).loss;
                own.push_back(std::isfinite(loss) ? bits(loss) : 1e9);
            }
            double mean = 0;
            for (const double figure : own) mean += figure / static_cast<double>(own.size());
            return mean;
        };
        // The best of a line that begins at this setting.
        const auto climb = [&](baseline::Setting setting) {
            double best = live(setting, 1);
            for (const float factor : {2.0F, 0.5F}) {
                for (bool goes_on = true; goes_on && !options_.quick;) {
                    baseline::Setting next = setting;
                    next.rate *= factor;
                    const double figure = live(next, 1);
                    goes_on = figure < best;
                    if (goes_on) std::tie(setting, best) = std::pair(next, figure);
                }
            }
            return std::pair(best, setting);
        };
        std::vector<std::pair<double, baseline::Setting>> lines;
        for (const char* optimizer : {"adam", "nadam"}) {
            for (const auto course : {baseline::RateCourse::linear, baseline::RateCourse::cosine}) {
                lines.push_back(climb({optimizer, 0.008F, course, 1, 0, 0}));
                if (options_.quick) break;
            }
        }
        std::ranges::sort(lines);
        for (std::size_t i = 0; i < 2 && !options_.quick; ++i) {
            baseline::Setting zero = lines[i].second;
            zero.output_gain = 0;
            lines.push_back(climb(zero));
        }
        std::ranges::sort(lines);
        lines.resize(std::min<std::size_t>(lines.size(), 3));
        for (auto& [figure, setting] : lines) figure = live(setting, options_.quick ? 1 : 3);
        std::ranges::sort(lines);
        for (const auto& [setting, own] : figures) {
            tried.push_back({{"setting", describe(setting)}, {"validation_bits", own}});
        }
        return lines.front().second;
    }

    template <baseline::WaysBack Ways>
    void textbook(const std::string& name) {
        using Learner = ThroughTime<Ways>;
        Json tried = Json::array();
        const baseline::Setting best = tune<Learner>(tried);
        std::printf("%s: best of %zu settings: %s\n", name.c_str(), tried.size(),
                    describe(best).c_str());
        report_["cells"][name] = {{"setting", describe(best)}, {"tried", tried}};
        row(name, seeds_, [&](std::size_t i) {
            Lifetime<Learner> life;
            life.live(baseline::settings_of<Learner>(best), train_, life_key(i), updates_);
            return end_of(life, test_);
        });
    }

    const TextOptions& options_;
    std::size_t updates_;
    std::size_t seeds_;
    Text text_;
    Dataset train_;
    Dataset validation_;
    Dataset test_;
    Json report_;
};

}  // namespace

int main(int argc, char** argv) {
    TextOptions options;
    CommandLine line("The next character of a book, foretold at every step", "text_every_step");
    options.add_to(line);
    return run_program(line, argc, argv, [&] {
        TextStudy study(options);
        study.run();
        if (!options.json.empty()) save_json(options.json, study.report());
        return 0;
    });
}
