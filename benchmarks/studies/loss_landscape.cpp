// Paths through loss landscapes, by credits and by gradients from the same starts: pictures, and
// what the paths pass on their way in numbers.
//
// First test functions of two dimensions; then a network on Fashion-MNIST, on the plane of two
// random filter-normalised directions and on that of the paths' principal components.
#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "baseline/backprop.hpp"
#include "baseline/fixed_optimizers.hpp"
#include "baseline/gradient_search.hpp"
#include "baseline/schedules.hpp"
#include "support/command_line.hpp"
#include "support/datasets.hpp"
#include "support/designs.hpp"
#include "support/landscape_picture.hpp"
#include "support/statistics.hpp"
#include "tdca/analysis/loss_plane.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/evolution/progress.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/optimization/landscape.hpp"
#include "tdca/optimization/search.hpp"
#include "tdca/training/lifetime.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    fs::path output = "loss_landscape_output";
    fs::path search_genome = shipped_genome("optimizer.safetensors");
    fs::path network_genome = shipped_genome("fashion_mnist.safetensors");
    std::size_t evaluations = 400;
    std::size_t updates = 1000;
    std::size_t seeds = 8;
    std::size_t starts = 100;
};

std::vector<double> evenly(double low, double high, std::size_t count) {
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        values[i] = low + (high - low) * static_cast<double>(i) / static_cast<double>(count - 1);
    }
    return values;
}

/// How a path went: its checkpoints, and the lowest error of all points that were evaluated.
struct Walk {
    std::vector<std::vector<float>> path;
    double error = HUGE_VAL;
};

/// What a path passes: steps over a barrier, and the highest.
struct Passed {
    double barriers = 0;
    double highest = 0;
};

/// Barriers below this share of the loss's range along the path are taken for rounding.
constexpr double notable = 1e-3;

template <class Loss>
Passed count_barriers(const std::vector<std::vector<float>>& path, std::size_t points,
                      Loss&& loss) {
    std::vector<double> seen;
    const auto all = passages(path, points, [&](std::span<const float> x) {
        seen.push_back(loss(x));
        return seen.back();
    });
    const auto [least, most] = std::ranges::minmax(seen);
    Passed passed;
    for (const Passage& one : all) {
        // A hill between the ends of a step: the loss rises above both of them.
        const double over = one.climb - std::fmax(one.change, 0.0);
        if (over > notable * (most - least)) ++passed.barriers;
        passed.highest = std::fmax(passed.highest, over);
    }
    return passed;
}

Walk walk_by_credits(const Search<>::Genome& genome, const Landscape& landscape,
                     const std::vector<float>& start, std::size_t evaluations, Key key) {
    Search<> search;
    search.begin(genome, Box::cube(2, landscape.function().low, landscape.function().high),
                 {.evaluations = evaluations,
                  .start = std::vector<double>(start.begin(), start.end()),
                  .restarts = false},
                 key);
    Walk walk;
    std::vector<double> centre(2);
    std::vector<double> values;
    const auto note = [&] {
        search.centre(centre);
        walk.path.emplace_back(centre.begin(), centre.end());
    };
    while (!search.done()) {
        note();
        const auto points = search.ask();
        values.resize(search.asked());
        for (std::size_t p = 0; p < values.size(); ++p) {
            values[p] = landscape(points.subspan(p * 2, 2));
        }
        search.tell(values);
    }
    note();
    walk.error = search.best_value() - landscape.minimum();
    return walk;
}

Walk walk_by_gradient(const baseline::Descent& how, const Landscape& landscape,
                      const std::vector<float>& start, std::size_t evaluations) {
    const double low = landscape.function().low;
    const double high = landscape.function().high;
    baseline::Gradient gradient(landscape);
    baseline::Descender descender(how, high - low, 2);
    std::vector<double> x(start.begin(), start.end());
    std::vector<double> slope(2);
    double scale = 1;
    Walk walk;
    for (std::size_t k = 0; k < evaluations; ++k) {
        walk.path.push_back({static_cast<float>(x[0]), static_cast<float>(x[1])});
        walk.error = std::fmin(walk.error, gradient(x.data(), slope.data()) - landscape.minimum());
        if (k == 0) scale = baseline::size_of(slope);
        descender.step(x, slope, static_cast<double>(k) / static_cast<double>(evaluations), scale);
        for (double& v : x) v = std::clamp(v, low, high);
    }
    return walk;
}

std::vector<float> draw_start(const TestFunction& function, Key key) {
    std::vector<float> start(2);
    key.fill_uniform(std::span<float>(start), static_cast<float>(function.low),
                     static_cast<float>(function.high));
    return start;
}

/// The descent with the most successes on starts of its own, ties broken by the mean logarithm of
/// the error. Rates from 10⁻⁴ to 1 of the box's width by half decades.
baseline::Descent tune_descent(const Landscape& landscape, const Options& options, Key key) {
    using Rule = baseline::Descent::Rule;
    baseline::Descent best;
    double best_score = -HUGE_VAL;
    const std::size_t starts = options.quick ? 3 : 40;
    for (const Rule rule : {Rule::sgd, Rule::momentum, Rule::adam}) {
        for (const bool cosine : {false, true}) {
            for (int half_decades = -8; half_decades <= 0; ++half_decades) {
                const baseline::Descent how{rule, std::pow(10.0, 0.5 * half_decades), cosine, 1, 0};
                double score = 0;
                for (std::size_t k = 0; k < starts; ++k) {
                    const double error =
                        walk_by_gradient(how, landscape, draw_start(landscape.function(), key / k),
                                         options.evaluations)
                            .error;
                    score += (error <= 1e-3 ? 100 : 0) - std::log10(error + 1e-9);
                }
                if (score > best_score) {
                    best_score = score;
                    best = how;
                }
            }
        }
    }
    return best;
}

Json functions(const Options& options) {
    const auto genome = load_genome<Search<>::Genome>(options.search_genome).genome;
    const Key key = Key(options.seed) / 1;
    const std::size_t starts = options.quick ? 4 : options.starts;
    std::vector<LandscapePanel> panels;
    Json report;
    std::printf("2-D functions, %zu evaluations from each of %zu starts\n", options.evaluations,
                starts);
    std::printf("%-16s %28s %28s\n", "", "by credits", "by gradients");
    std::printf("%-16s %9s %9s %8s %9s %9s %8s\n", "", "success", "barriers", "highest", "success",
                "barriers", "highest");
    for (const char* name : {"rastrigin", "ackley", "schwefel", "levy"}) {
        const TestFunction& function = find_test_function(name);
        const Landscape landscape(function, 2, {.shift = false, .rotate = false, .condition = 1},
                                  key);
        const auto loss = [&](std::span<const float> x) {
            return static_cast<double>(landscape(x));
        };
        const baseline::Descent how = tune_descent(landscape, options, key / 0);
        // Per start: success, barriers, highest; by credits, then by gradients.
        std::array<std::vector<double>, 6> figures;
        for (std::size_t k = 0; k < starts; ++k) {
            const auto start = draw_start(function, key / 1 / k);
            const std::array walks{
                walk_by_credits(genome, landscape, start, options.evaluations, key / 2 / k),
                walk_by_gradient(how, landscape, start, options.evaluations)};
            for (std::size_t w = 0; w < 2; ++w) {
                const Passed passed = count_barriers(walks[w].path, 33, loss);
                figures[w * 3].push_back(walks[w].error <= 1e-3 ? 1 : 0);
                figures[w * 3 + 1].push_back(passed.barriers);
                figures[w * 3 + 2].push_back(passed.highest);
            }
            if (k == 0) {
                LandscapePanel panel{name, "x", "y", "value", {}, {}, {}, {}};
                panel.x = panel.y = evenly(function.low, function.high, 161);
                for (const double y : panel.y) {
                    for (const double x : panel.x) {
                        panel.height.push_back(landscape(std::array{x, y}));
                    }
                }
                for (std::size_t w = 0; w < 2; ++w) {
                    DrawnPath drawn{w == 0 ? "by credits" : "by gradients", {}, w};
                    for (const auto& at : walks[w].path) drawn.points.emplace_back(at[0], at[1]);
                    panel.paths.push_back(drawn);
                }
                panels.push_back(panel);
            }
        }
        std::printf("%-16s", name);
        for (std::size_t f = 0; f < 6; ++f) {
            const Summary summary = summarize(figures[f]);
            std::printf(f % 3 == 0 ? " %8.0f%%" : " %9.3g",
                        f % 3 == 0 ? 100 * summary.mean : summary.mean);
            constexpr std::array keys{"success", "steps_over_barriers", "highest_barrier"};
            report[name][f < 3 ? "by_credits" : "by_gradients"][keys[f % 3]] = to_json(summary);
        }
        report[name]["descent"] = how.name();
        std::printf("   %s\n", how.name().c_str());
    }
    if (!draw_landscapes(options.output / "functions.png", panels, 2)) {
        std::fprintf(stderr, "gnuplot is not installed: no pictures\n");
    }
    return report;
}

using Net = DenseClassifier<784, 64>;
using Student = ClassifierLearner<Net>;
using Backprop = baseline::BackpropLearner<Net, baseline::Adam, baseline::TextbookSchedule>;

/// Checkpoints of both learners, from one birth, on the same minibatches.
struct Paths {
    std::array<std::vector<std::vector<float>>, 2> checkpoints;
    std::array<double, 2> accuracy{};
};

Paths live(const Student::Genome& genome, const ExperimentData& data, Key key, std::size_t horizon,
           const std::vector<std::size_t>& marks) {
    Paths paths;
    const MinibatchSampler<64> sampler(data.train(), key / 1);
    const Course course = Course::over(horizon, 64, data.train().size());
    Lifetime<Student> student;
    student.begin(genome, key / 0, course);
    Lifetime<Backprop> other;
    // What a sweep of SGD, momentum and Adam chose for this network and horizon on the validation
    // samples.
    Backprop::Genome settings;
    Backprop::initialize(settings, Key(0));
    baseline::TextbookSchedule::choose(0.008F, baseline::RateCourse::cosine,
                                       settings.get<"schedule">());
    other.begin(settings, key / 0, course);
    other.params() = student.params();
    const auto follow = [&](auto& life, std::size_t which) {
        std::size_t age = 0;
        for (const std::size_t mark : marks) {
            life.train(sampler, mark - age);
            age = mark;
            paths.checkpoints[which].push_back(flatten(life.params()));
        }
        paths.accuracy[which] = life.evaluate(data.validation()).accuracy;
    };
    follow(student, 0);
    follow(other, 1);
    return paths;
}

constexpr std::array path_names{"by credits", "by backpropagation"};

/// The plane of the paths' two first principal components through the end of the first path.
struct Plane {
    std::vector<float> origin;
    std::vector<float> u;
    std::vector<float> v;
    double explained = 1;  ///< share of the paths' variance
};

Plane principal_plane(const Paths& paths) {
    std::vector<const std::vector<float>*> all;
    for (const auto& path : paths.checkpoints) {
        for (const auto& point : path) all.push_back(&point);
    }
    Plane plane;
    plane.origin = paths.checkpoints[0].back();
    const std::size_t size = plane.origin.size();
    std::vector<double> mean(size);
    for (const auto* point : all) {
        for (std::size_t i = 0; i < size; ++i) {
            mean[i] += (*point)[i] / static_cast<double>(all.size());
        }
    }
    const auto count = static_cast<Eigen::Index>(all.size());
    Eigen::MatrixXd centred(static_cast<Eigen::Index>(size), count);
    for (Eigen::Index p = 0; p < count; ++p) {
        for (std::size_t i = 0; i < size; ++i) {
            centred(static_cast<Eigen::Index>(i), p) =
                (*all[static_cast<std::size_t>(p)])[i] - mean[i];
        }
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(centred.transpose() * centred);
    const Eigen::VectorXd& values = solver.eigenvalues();
    plane.explained = (values(count - 1) + values(count - 2)) / values.sum();
    for (const int which : {1, 2}) {
        const Eigen::VectorXd direction =
            (centred * solver.eigenvectors().col(count - which)).normalized();
        (which == 1 ? plane.u : plane.v).assign(direction.data(), direction.data() + size);
    }
    return plane;
}

/// Coordinates on the plane: the least squares solution in u and v.
std::pair<double, double> project(const Plane& plane, const std::vector<float>& point) {
    double uu = 0;
    double uv = 0;
    double vv = 0;
    double pu = 0;
    double pv = 0;
    for (std::size_t i = 0; i < point.size(); ++i) {
        const double u = plane.u[i];
        const double v = plane.v[i];
        const double p = point[i] - plane.origin[i];
        uu += u * u;
        uv += u * v;
        vv += v * v;
        pu += p * u;
        pv += p * v;
    }
    const double determinant = uu * vv - uv * uv;
    return {(pu * vv - pv * uv) / determinant, (pv * uu - pu * uv) / determinant};
}

LandscapePanel draw_plane(const Plane& plane, const Paths& paths, const std::string& title,
                          const std::array<std::string, 2>& axes, std::size_t grid, int threads,
                          const Subset& judged) {
    LandscapePanel panel{title, axes[0], axes[1], "log10 of the loss", {}, {}, {}, {}};
    double low_x = 0;
    double high_x = 0;
    double low_y = 0;
    double high_y = 0;
    for (std::size_t w = 0; w < 2; ++w) {
        if (paths.checkpoints[w].empty()) continue;
        DrawnPath drawn{path_names[w], {}, w};
        for (const auto& point : paths.checkpoints[w]) {
            const auto at = project(plane, point);
            drawn.points.push_back(at);
            low_x = std::fmin(low_x, at.first);
            high_x = std::fmax(high_x, at.first);
            low_y = std::fmin(low_y, at.second);
            high_y = std::fmax(high_y, at.second);
        }
        panel.paths.push_back(drawn);
    }
    if (high_x == low_x) {
        // One point: as far as the weights are long.
        low_x = low_y = -1;
        high_x = high_y = 1;
    }
    const double margin_x = 0.12 * (high_x - low_x);
    const double margin_y = 0.12 * (high_y - low_y);
    panel.x = evenly(low_x - margin_x, high_x + margin_x, grid);
    panel.y = evenly(low_y - margin_y, high_y + margin_y, grid);
    panel.height.resize(grid * grid);
    parallel_for(grid, threads, [&](std::size_t row, std::size_t /*thread*/) {
        Lifetime<Student> life;
        const auto losses =
            losses_on_plane(plane.origin, plane.u, plane.v, panel.x,
                            std::span(panel.y).subspan(row, 1), [&](std::span<const float> at) {
                                unflatten(at, life.params());
                                return std::log10(life.evaluate(judged).loss);
                            });
        std::ranges::copy(losses, panel.height.begin() + static_cast<std::ptrdiff_t>(row * grid));
    });
    return panel;
}

Json network(const Options& options) {
    const auto genome = load_genome<Student::Genome>(options.network_genome).genome;
    const auto data = load_dataset("fashion_mnist");
    const std::size_t seeds = options.quick ? 2 : options.seeds;
    const std::size_t horizon = options.quick ? 40 : options.updates;
    // Training samples that the landscape is measured on.
    const Subset judged = data.train().range(0, options.quick ? 128 : 2048);
    std::vector<std::size_t> marks;
    for (std::size_t k = 0; k <= 50; ++k) marks.push_back(horizon * k / 50);
    marks.erase(std::unique(marks.begin(), marks.end()), marks.end());

    std::array<std::vector<double>, 10> figures;
    for (auto& figure : figures) figure.resize(seeds);
    std::vector<Paths> first(1);
    parallel_for(seeds, options.threads, [&](std::size_t seed, std::size_t /*thread*/) {
        const Paths paths = live(genome, data, Key(options.seed) / 2 / seed, horizon, marks);
        Lifetime<Student> life;
        const auto loss = [&](std::span<const float> at) {
            unflatten(at, life.params());
            return life.evaluate(judged).loss;
        };
        for (std::size_t w = 0; w < 2; ++w) {
            const Passed passed = count_barriers(paths.checkpoints[w], 9, loss);
            figures[w * 4][seed] = 100 * paths.accuracy[w];
            figures[w * 4 + 1][seed] = loss(paths.checkpoints[w].back());
            figures[w * 4 + 2][seed] = passed.barriers;
            figures[w * 4 + 3][seed] = passed.highest;
        }
        const std::array between{paths.checkpoints[0].back(), paths.checkpoints[1].back()};
        figures[8][seed] = passages(between, 25, loss)[0].barrier;
        double apart = 0;
        for (std::size_t i = 0; i < between[0].size(); ++i) {
            apart += std::pow(between[0][i] - between[1][i], 2);
        }
        figures[9][seed] = std::sqrt(apart);
        if (seed == 0) first[0] = paths;
    });

    constexpr std::array keys{"validation_accuracy", "loss", "steps_over_barriers",
                              "highest_barrier"};
    Json report;
    std::printf("\n784-64-10 on Fashion-MNIST, %zu updates from %zu births, %zu checkpoints\n",
                horizon, seeds, marks.size());
    for (std::size_t w = 0; w < 2; ++w) {
        std::printf("%-20s", path_names[w]);
        for (std::size_t f = 0; f < 4; ++f) {
            const Summary summary = summarize(figures[w * 4 + f]);
            std::printf("  %s %.4g ± %.2g", keys[f], summary.mean, summary.deviation);
            report[w == 0 ? "by_credits" : "by_backpropagation"][keys[f]] = to_json(summary);
        }
        std::printf("\n");
    }
    const Summary barrier = summarize(figures[8]);
    const Summary distance = summarize(figures[9]);
    report["barrier_between_ends"] = to_json(barrier);
    report["distance_of_ends"] = to_json(distance);
    std::printf("between the two ends: barrier %.3g ± %.2g, distance %.3g ± %.2g\n", barrier.mean,
                barrier.deviation, distance.mean, distance.deviation);

    const std::size_t grid = options.quick ? 7 : 41;
    const Plane principal = principal_plane(first[0]);
    report["variance_on_principal_plane"] = principal.explained;
    char share[96];
    std::snprintf(share, sizeof share,
                  "principal components of both paths, %.0f %% of the variance",
                  100 * principal.explained);
    std::vector<LandscapePanel> panels{draw_plane(principal, first[0], share,
                                                  {"first component", "second component"}, grid,
                                                  options.threads, judged)};
    for (const std::size_t which : {0U, 1U}) {
        // Paths run almost at right angles to random directions: only where they end is shown.
        Paths end;
        end.checkpoints[which] = {first[0].checkpoints[which].back()};
        Net::Params params;
        unflatten(end.checkpoints[which].front(), params);
        const Plane around{end.checkpoints[which].front(),
                           filter_normalised_direction<Net>(params, Key(options.seed) / 3 / 0),
                           filter_normalised_direction<Net>(params, Key(options.seed) / 3 / 1), 1};
        panels.push_back(draw_plane(around, end, std::string("around the end ") + path_names[which],
                                    {"random direction, filter-normalised", "another"}, grid,
                                    options.threads, judged));
    }
    if (!draw_landscapes(options.output / "network.png", panels, 2)) {
        std::fprintf(stderr, "gnuplot is not installed: no pictures\n");
    }
    return report;
}

int run(const Options& options) {
    const Stopwatch clock;
    fs::create_directories(options.output);
    Json report = run_facts("loss_landscape", options);
    report["functions"] = functions(options);
    report["network"] = network(options);
    report["seconds"] = clock.seconds();
    save_json(options.json.empty() ? options.output / "loss_landscape.json" : options.json, report);
    std::printf("pictures and figures  %s\n", fs::absolute(options.output).c_str());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Paths through loss landscapes, by credits and by gradients",
                     "loss_landscape");
    options.add_to(line);
    line.folder_to_write("--output", options.output, "folder for pictures");
    line.file_to_read("--search-genome", options.search_genome, "for the functions");
    line.file_to_read("--network-genome", options.network_genome, "for the network");
    line.count("--evaluations", options.evaluations, "on a function",
               {.least = 1, .most = 10'000'000});  // each is drawn
    line.count("--updates", options.updates, "of the network", {.least = 1});
    line.count("--starts", options.starts, "on each function", Whole::lives());
    line.count("--seeds", options.seeds, "births of the network", Whole::lives());
    return run_program(line, argc, argv, [&] { return run(options); });
}
