// NLopt's minimisers: L-BFGS, and those that need no gradient.
#include "peers/minimizers.hpp"

#ifdef TDCA_HAS_NLOPT

#include <exception>
#include <nlopt.hpp>
#include <random>
#include <stdexcept>

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

bool has_nlopt() noexcept { return true; }

bool run_nlopt(const Minimization& problem, DerivativeFree method) {
    const auto n = static_cast<unsigned>(problem.dimension);
    const auto algorithm = [&] {
        switch (method) {
            case DerivativeFree::crs2:
                return nlopt::GN_CRS2_LM;
            case DerivativeFree::isres:
                return nlopt::GN_ISRES;
            case DerivativeFree::mlsl:
                return nlopt::G_MLSL_LDS;
            case DerivativeFree::direct_l:
                return nlopt::GN_DIRECT_L;
            case DerivativeFree::bobyqa:
                return nlopt::LN_BOBYQA;
            case DerivativeFree::nelder_mead:
                break;
        }
        return nlopt::LN_NELDERMEAD;
    }();
    const bool is_local = method == DerivativeFree::bobyqa || method == DerivativeFree::nelder_mead;
    nlopt::srand(problem.seed);
    std::mt19937_64 chance(problem.seed);
    std::uniform_real_distribution<double> uniform(problem.low, problem.high);
    std::vector<double> start(problem.dimension);
    for (int run = 0; run == 0 || is_local; ++run) {
        nlopt::opt optimizer(algorithm, n);
        optimizer.set_lower_bounds(problem.low);
        optimizer.set_upper_bounds(problem.high);
        optimizer.set_maxeval(static_cast<int>(problem.evaluations) + 1);
        if (is_local) {
            optimizer.set_xtol_rel(1e-9);
            optimizer.set_ftol_rel(1e-12);
        }
        if (method == DerivativeFree::mlsl) {
            nlopt::opt local(nlopt::LN_BOBYQA, n);
            local.set_xtol_rel(1e-6);
            local.set_ftol_rel(1e-9);
            optimizer.set_local_optimizer(local);
        }
        struct Call {
            const Minimization* problem;
            std::exception_ptr thrown;
        } call{&problem, nullptr};
        optimizer.set_min_objective(
            [](unsigned /*n*/, const double* x, double* /*slope*/, void* data) {
                auto& to = *static_cast<Call*>(data);
                try {
                    return to.problem->value(x);
                } catch (...) {  // NLopt hands on its own exceptions alone
                    to.thrown = std::current_exception();
                    throw nlopt::forced_stop();
                }
            },
            &call);
        for (double& x : start) x = uniform(chance);
        double value = 0;
        try {
            optimizer.optimize(start, value);
        } catch (const std::runtime_error&) {
            // It was stopped, or gives up where rounding stops it.
        }
        if (call.thrown != nullptr) std::rethrow_exception(call.thrown);
    }
    return true;
}

}  // namespace tdca::peers

#else

namespace tdca::peers {
bool has_nlopt() noexcept { return false; }
bool run_nlopt(const Minimization& /*problem*/, DerivativeFree /*method*/) { return false; }
bool run_lbfgs(const Minimization& /*problem*/, std::vector<double> /*start*/,
               std::size_t /*evaluations*/) {
    return false;
}
}  // namespace tdca::peers

#endif
