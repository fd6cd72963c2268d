#include "support/search_problems.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <utility>

#include "baseline/sweep.hpp"
#include "support/datasets.hpp"
#include "support/job_shop.hpp"
#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/core/error.hpp"
#include "tdca/tables/read_table.hpp"

namespace tdca::support {
namespace {

/// Somebody's concentrations after a dose.
struct Patient {
    std::string subject;
    double dose;  // mg/kg
    std::vector<double> hours;
    std::vector<double> concentrations;  // mg/l
};

std::vector<Patient> theophylline_patients() {
    const Table table = read_table(default_tables_directory() / "theophylline.csv");
    const auto number = [&](std::size_t row, std::string_view column) {
        const auto value = number_in(table.cell(row, table.require(column)));
        if (!value) throw Error(table.name(), "no number in column " + std::string(column));
        return *value;
    };
    std::vector<Patient> patients;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string subject(table.cell(row, table.require("Subject")));
        if (patients.empty() || patients.back().subject != subject) {
            patients.push_back({subject, number(row, "Dose"), {}, {}});
        }
        patients.back().hours.push_back(number(row, "Time"));
        patients.back().concentrations.push_back(number(row, "conc"));
    }
    return patients;
}

/// What the simulator is given: compartments on the way, rates an hour of passing one and of
/// absorption, the most that leaves in an hour (mg/kg), half of which leaves at `half` (mg/l),
/// litres for each kilogram, and the share that is absorbed.
struct Body {
    std::size_t compartments;
    double passing;
    double absorption;
    double most;
    double half;
    double litres;
    double share;
};

/// Concentrations at the patient's hours: Runge & Kutta's fourth order, twenty steps an hour.
void simulate(const Body& body, const Patient& patient, std::span<double> concentrations) {
    constexpr std::size_t room = 10;
    constexpr double step = 0.05;
    using State = std::array<double, room>;  // the way, the gut, the blood: mg/kg
    const std::size_t gut = body.compartments;
    const std::size_t blood = gut + 1;
    const auto flow = [&](const State& at) {
        State change{};
        double into = 0;
        for (std::size_t c = 0; c < gut; ++c) {
            const double out = body.passing * at[c];
            change[c] = into - out;
            into = out;
        }
        const double absorbed = body.absorption * at[gut];
        const double concentration = at[blood] / body.litres;
        change[gut] = into - absorbed;
        change[blood] = absorbed - body.most * concentration / (body.half + concentration);
        return change;
    };
    const auto moved = [&](const State& from, const State& along, double by) {
        State to = from;
        for (std::size_t c = 0; c <= blood; ++c) to[c] += by * along[c];
        return to;
    };
    State now{};
    now[0] = body.share * patient.dose;
    double hour = 0;
    for (std::size_t k = 0; k < patient.hours.size(); ++k) {
        while (hour < patient.hours[k]) {
            const double by = std::min(step, patient.hours[k] - hour);
            const State a = flow(now);
            const State b = flow(moved(now, a, by / 2));
            const State c = flow(moved(now, b, by / 2));
            const State d = flow(moved(now, c, by));
            for (std::size_t i = 0; i <= blood; ++i) {
                now[i] += by / 6 * (a[i] + 2 * b[i] + 2 * c[i] + d[i]);
            }
            hour += by;
        }
        concentrations[k] = now[blood] / body.litres;
    }
}

SearchProblem theophylline() {
    const auto patients = std::make_shared<const std::vector<Patient>>(theophylline_patients());
    const auto error = [patients](std::span<const double> x) {
        const Body body{static_cast<std::size_t>(x[0]), x[1], x[2], x[3], x[4], x[5], x[6]};
        double squares = 0;
        double count = 0;
        std::vector<double> found;
        for (const Patient& patient : *patients) {
            found.resize(patient.hours.size());
            simulate(body, patient, found);
            for (std::size_t k = 0; k < found.size(); ++k) {
                squares += std::pow(found[k] - patient.concentrations[k], 2);
                ++count;
            }
        }
        return std::sqrt(squares / count);
    };
    return {"theophylline",
            {Variable::whole(0, 8), Variable::logarithmic(0.05, 50),
             Variable::logarithmic(0.05, 50), Variable::logarithmic(0.01, 10),
             Variable::logarithmic(0.1, 100), Variable::logarithmic(0.05, 5), Variable::fixed(1)},
            error};
}

SearchProblem perceptron(Key key) {
    using Net = Network<Input<64>, Dense<32, Relu>, Dense<10, Softmax>>;
    // It stays where it is made, which make_shared cannot do with what a function returns.
    const std::shared_ptr<const ExperimentData> data(new ExperimentData(load_dataset("digits")));
    const auto loss = [data, key](std::span<const double> x) {
        const auto at = [&](std::size_t i) { return static_cast<float>(x[i]); };
        const baseline::Setting setting{.optimizer = "adamw",
                                        .rate = at(0),
                                        .course = static_cast<baseline::RateCourse>(x[5]),
                                        .output_gain = at(2),
                                        .smoothing = at(4),
                                        .decay = at(1),
                                        .hidden_gain = at(3)};
        return baseline::with_optimizer<Net>(setting.optimizer, [&]<class Learner>() {
            Lifetime<Learner, 64> life;
            life.live(baseline::settings_of<Learner>(setting), data->train(), key, 150);
            return static_cast<double>(life.evaluate(data->validation()).loss);
        });
    };
    return {"perceptron",
            {Variable::logarithmic(1e-5, 1), Variable::logarithmic(1e-5, 10), Variable::real(0, 2),
             Variable::logarithmic(0.05, 5), Variable::real(0, 0.3), Variable::whole(0, 4)},
            loss};
}

SearchProblem job_shop() {
    const JobShop shop = large_job_shop();
    return {"job_shop", std::vector<Variable>(100, Variable::whole(0, 9)),
            [shop](std::span<const double> priorities) { return makespan(shop, priorities); }};
}

}  // namespace

SearchProblem search_problem(const std::string& name, Key key) {
    if (name == "theophylline") return theophylline();
    if (name == "perceptron") return perceptron(key);
    if (name == "job_shop") return job_shop();
    throw Error("search_problem", "there is no such problem",
                "theophylline, perceptron or job_shop", name);
}

}  // namespace tdca::support
