// NLopt's L-BFGS.
#include "peers/minimizers.hpp"

#ifdef TDCA_HAS_NLOPT

#include <exception>
#include <nlopt.hpp>

namespace tdca::peers {

bool run_lbfgs(const Minimization& problem, std::vector<double> start, std::size_t evaluations) {
    nlopt::opt optimizer(nlopt::LD_LBFGS, static_cast<unsigned>(problem.dimension));
    optimizer.set_lower_bounds(problem.low);
    optimizer.set_upper_bounds(problem.high);
    optimizer.set_maxeval(static_cast<int>(evaluations));
    optimizer.set_xtol_rel(1e-10);
    optimizer.set_ftol_rel(1e-10);
    struct Call {
        const Minimization* problem;
        std::vector<double> scratch;
    } call{&problem, std::vector<double>(problem.dimension)};
    optimizer.set_min_objective(
        [](unsigned /*n*/, const double* x, double* slope, void* data) {
            auto& to = *static_cast<Call*>(data);
            return to.problem->value_and_slope(x, slope != nullptr ? slope : to.scratch.data());
        },
        &call);
    double value = 0;
    try {
        optimizer.optimize(start, value);
    } catch (const std::exception&) {
        // It gives up where rounding stops it. What it evaluated is on record.
    }
    return true;
}

}  // namespace tdca::peers

#else

namespace tdca::peers {
bool run_lbfgs(const Minimization& /*problem*/, std::vector<double> /*start*/,
               std::size_t /*evaluations*/) {
    return false;
}
}  // namespace tdca::peers

#endif
