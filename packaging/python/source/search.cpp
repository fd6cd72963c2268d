// Search, for tdca.Search and tdca.minimize: ask for points, tell their values.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "bindings.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/optimization/box.hpp"
#include "tdca/optimization/optimize.hpp"
#include "tdca/optimization/search.hpp"
#include "tdca/optimization/search_plan.hpp"

namespace tdca::python {

namespace {

using Shipped = tdca::Search<>;

/// Several Python threads may hold one: the GIL is released where it works, so it has a lock.
class SharedSearch {
public:
    SharedSearch(const Box& box, const SearchPlan& plan, std::uint64_t seed,
                 const Array<float>& genes)
        : dimension_(box.dimension()) {
        Shipped::Genome genome = shipped_optimizer();
        if (genes.size() > 0) {
            if (genes.size() != static_cast<py::ssize_t>(Shipped::Genome::count)) {
                throw Error("genome", "another number of genes than a search has",
                            Shipped::Genome::count, static_cast<std::size_t>(genes.size()));
            }
            genome.read(view(genes).first<Shipped::Genome::count>());
        }
        const py::gil_scoped_release released;
        search_.begin(genome, box, plan, Key(seed));
    }

    /// A NumPy array of its own for the caller, who may do with it as he likes.
    [[nodiscard]] Array<double> ask() {
        const std::span<const double> points = draw();
        Array<double> rows({points.size() / dimension_, dimension_});
        std::ranges::copy(points, rows.mutable_data());
        return rows;
    }
    /// The search's own memory, read only: the next `ask` writes there.
    [[nodiscard]] static py::array view_of(const std::shared_ptr<SharedSearch>& self) {
        const std::span<const double> points = self->draw();
        py::array_t<double> rows({points.size() / self->dimension_, self->dimension_},
                                 points.data(), py::cast(self));
        rows.attr("flags").attr("writeable") = false;
        return rows;
    }

    void tell(const Array<double>& values, const std::optional<Array<double>>& violations) {
        const std::span<const double> told = view(values);
        const std::span<const double> violated =
            violations ? view(*violations) : std::span<const double>();
        const py::gil_scoped_release released;
        const std::lock_guard lock(mutex_);
        search_.tell(told, violated);
    }

    void forget_best() {
        const py::gil_scoped_release released;
        const std::lock_guard lock(mutex_);
        search_.forget_best();
    }

    template <class Ask>
    [[nodiscard]] auto about(const Ask& ask) {
        const py::gil_scoped_release released;
        const std::lock_guard lock(mutex_);
        return ask(std::as_const(search_));
    }
    [[nodiscard]] Array<double> best_point() {
        const std::vector<double> point = about([](const Shipped& search) {
            return std::vector<double>(search.best_point().begin(), search.best_point().end());
        });
        return Array<double>(static_cast<py::ssize_t>(point.size()), point.data());
    }

    /// Where the search is: what is known best of a noisy objective.
    [[nodiscard]] Array<double> centre() {
        const std::vector<double> point = about([this](const Shipped& search) {
            std::vector<double> inside(dimension_);
            search.centre(inside);
            return inside;
        });
        return Array<double>(static_cast<py::ssize_t>(point.size()), point.data());
    }

private:
    [[nodiscard]] std::span<const double> draw() {
        const py::gil_scoped_release released;
        const std::lock_guard lock(mutex_);
        return search_.ask();
    }

    std::size_t dimension_;
    std::mutex mutex_;
    Shipped search_;
};

std::shared_ptr<SharedSearch> make(const Array<double>& low, const Array<double>& high,
                                   const std::vector<bool>& whole,
                                   const std::vector<bool>& logarithmic,
                                   const std::vector<bool>& periodic, std::size_t evaluations,
                                   const Array<double>& start, double start_value, bool restarts,
                                   bool noisy, std::uint64_t seed, const Array<float>& genes) {
    const auto n = static_cast<std::size_t>(low.size());
    const bool fits = static_cast<std::size_t>(high.size()) == n && whole.size() == n &&
                      logarithmic.size() == n && periodic.size() == n;
    if (!fits) throw Error("bounds", "not one of everything for each coordinate");
    std::vector<Variable> variables;
    for (std::size_t i = 0; i < n; ++i) {
        variables.push_back({low.data()[i], high.data()[i], logarithmic[i], whole[i], periodic[i]});
    }
    SearchPlan plan{.evaluations = evaluations, .restarts = restarts, .is_noisy = noisy};
    plan.start.assign(view(start).begin(), view(start).end());
    plan.start_value = start_value;
    return std::make_shared<SharedSearch>(Box::of(std::move(variables)), plan, seed, genes);
}

template <auto Member>
auto get(SharedSearch& search) {
    return search.about([](const Shipped& inner) { return (inner.*Member)(); });
}

}  // namespace

void bind_search(py::module_& module) {
    py::class_<SharedSearch, std::shared_ptr<SharedSearch>>(module, "Search")
        .def(py::init(&make), py::arg("low"), py::arg("high"), py::arg("whole"),
             py::arg("logarithmic"), py::arg("periodic"), py::arg("evaluations"), py::arg("start"),
             py::arg("start_value"), py::arg("restarts"), py::arg("noisy"), py::arg("seed"),
             py::arg("genes"))
        .def("ask", &SharedSearch::ask)
        .def("view", &SharedSearch::view_of)
        .def("tell", &SharedSearch::tell, py::arg("values"), py::arg("violations") = py::none())
        .def("forget_best", &SharedSearch::forget_best)
        .def_property_readonly("best_point", &SharedSearch::best_point)
        .def_property_readonly("centre", &SharedSearch::centre)
        .def_property_readonly("best_value", &get<&Shipped::best_value>)
        .def_property_readonly(
            "best_violation",
            [](SharedSearch& search) {
                return search.about([](const Shipped& inner) { return inner.best().violation; });
            })
        .def_property_readonly("evaluations", &get<&Shipped::evaluations>)
        .def_property_readonly("invalid", &get<&Shipped::invalid>)
        .def_property_readonly("lives", &get<&Shipped::lives>)
        .def_property_readonly("asked", &get<&Shipped::asked>)
        .def_property_readonly("done", &get<&Shipped::done>);
}

}  // namespace tdca::python
