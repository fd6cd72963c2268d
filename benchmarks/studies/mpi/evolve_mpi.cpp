// Evolves the genome of a search on many machines: evolve_optimizer under mpirun.
//
//   mpirun -np 4 evolve_mpi --threads 1 --generations 100 --output search.safetensors
//
// The genome is the same bits for any number of processes and threads; a run that was stopped, or
// that lost a process, goes on with --resume on any other number. Only the first process touches
// files; others read the genome that --from names.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/optimizer_recipe.hpp"
#include "support/staged_evolution.hpp"
#include "tdca/core/number.hpp"
#include "tdca/distributed/mpi.hpp"
#include "tdca/optimization/function_optimization.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

using Lives = FunctionOptimization<>;

int run(EvolutionOptions& options, const MpiRanks& ranks) {
    if (options.quick) options.generations = std::min<std::size_t>(options.generations, 40);
    std::vector<EvolutionStage<Lives>> stages;
    for (OptimizerStage stage : optimizer_stages) {
        if (options.quick) stage = quick_form(stage);
        stages.push_back(
            {stage.until, stage.members, [stage] { return Lives(optimizer_range(stage)); }});
    }
    EvolutionPlan plan;
    plan.program = "evolve_mpi";
    plan.settings = std::string(optimizer_description) + "; generations " +
                    to_text(options.generations) + (options.quick ? ", quick" : "") +
                    begin_from<Lives::Genome>(options, plan);
    return evolve_in_stages(plan, options, stages,
                            {{"program", plan.program},
                             {"recipe", optimizer_description},
                             {"strategy", "SNES, sigma 0.1"}},
                            ranks);
}

}  // namespace

int main(int argc, char** argv) {
    const MpiSession session(argc, argv);
    const MpiRanks ranks = session.ranks();
    // One help text is enough.
    if (ranks.rank() != 0 && std::freopen("/dev/null", "w", stdout) == nullptr) return 2;
    EvolutionOptions options;
    options.output = "optimizer.safetensors";
    options.generations = optimizer_generations;
    CommandLine line("Evolves the genome of a search on many machines", "evolve_mpi",
                     ranks.rank() == 0);
    options.add_to(line);
    const int code = run_program(line, argc, argv, [&] { return run(options, ranks); });
    constexpr int failure = 2;
    if (code == failure) session.abort(failure);  // the others would wait for this process
    return code;
}
