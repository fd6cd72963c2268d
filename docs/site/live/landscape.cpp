// What the page's worker calls to search a function of two numbers.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/core/random.hpp"
#include "tdca/optimization/box.hpp"
#include "tdca/optimization/optimizer_genome.hpp"
#include "tdca/optimization/search.hpp"

namespace {

tdca::Search<> search;
std::array<double, 512> values;  // of the points that were asked for
std::array<double, 2> centre;

}  // namespace

#define TDCA_LIVE(name) extern "C" __attribute__((export_name(#name)))

/// Starts anew, with the genome that comes with the library.
TDCA_LIVE(search_begin)
void search_begin(double low, double high, std::size_t evaluations, std::uint32_t seed) {
    tdca::Search<>::Genome genome;
    genome.read(tdca::detail::optimizer_genes);
    search.begin(genome, tdca::Box::cube(2, low, high), {.evaluations = evaluations},
                 tdca::Key(seed));
}
TDCA_LIVE(search_ask) const double* search_ask() { return search.ask().data(); }
TDCA_LIVE(search_asked) std::size_t search_asked() { return search.asked(); }
TDCA_LIVE(search_values) double* search_values() { return values.data(); }
TDCA_LIVE(search_tell) void search_tell() {
    search.tell(std::span<const double>(values).first(search.asked()));
}
TDCA_LIVE(search_done) int search_done() { return search.done() ? 1 : 0; }
TDCA_LIVE(search_evaluations) std::size_t search_evaluations() { return search.evaluations(); }
TDCA_LIVE(search_lives) std::size_t search_lives() { return search.lives(); }
TDCA_LIVE(search_best_value) double search_best_value() { return search.best_value(); }
TDCA_LIVE(search_best_point) const double* search_best_point() {
    return search.best_point().data();
}
TDCA_LIVE(search_centre) const double* search_centre() {
    search.centre(centre);
    return centre.data();
}
