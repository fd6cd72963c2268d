// An objective that takes no point is refused in one sentence.
// expect: an objective takes a point, double(std::span<const double>), or a batch
#include <span>

#include "tdca/optimization/optimize.hpp"

tdca::Optimum found() {
    const tdca::Box box = tdca::Box::cube(1, -1, 1);
#ifdef TDCA_CONTROL
    return tdca::optimize([](std::span<const double> x) { return x[0] * x[0]; }, box);
#else
    return tdca::optimize([](double x) { return x * x; }, box);
#endif
}
