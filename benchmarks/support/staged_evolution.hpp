// Evolution in stages by the options of a program: what our evolving programs share.
#pragma once

#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/program.hpp"
#include "tdca/concepts/ranks.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/stages.hpp"
#include "tdca/io/evolution_run.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/io/json.hpp"
#include "tdca_build_info.hpp"

namespace tdca::support {

/// What a program makes of its options.
struct EvolutionPlan {
    std::string program;
    std::string settings;                ///< what must be the same for a resume to make sense
    std::optional<Snes::State> first{};  ///< where to begin; none: the initial genome
};

/// Begins with the genome that --from names, where it names one, after `adapt` has changed it;
/// returns what a recipe says of that.
template <class Genome, class Adapt>
[[nodiscard]] std::string begin_from(const EvolutionOptions& options, EvolutionPlan& plan,
                                     Adapt&& adapt) {
    if (options.from.empty()) return "";
    Genome start = load_genome<Genome>(options.from).genome;
    adapt(start);
    plan.first = first_state(start);
    return "; from " + options.from.filename().string();
}
template <class Genome>
[[nodiscard]] std::string begin_from(const EvolutionOptions& options, EvolutionPlan& plan) {
    return begin_from<Genome>(options, plan, [](Genome& /*start*/) {});
}

/// As `evolve_to_file`, with the options of a program and the facts that all genomes tell; prints a
/// line, and writes the report where one is wanted.
///
/// @return what the program returns
template <Task Lives, Ranks RanksType = OneRank>
int evolve_in_stages(const EvolutionPlan& plan, const EvolutionOptions& options,
                     const std::vector<EvolutionStage<Lives>>& stages,
                     std::map<std::string, std::string> facts, const RanksType& ranks = {}) {
    facts["cpu"] = cpu_name();
    facts["commit"] = std::string(build_info::commit);
    const EvolutionResult result = evolve_to_file({.output = options.output,
                                                   .generations = options.generations,
                                                   .seed = options.seed,
                                                   .threads = options.threads,
                                                   .settings = plan.settings,
                                                   .resume = options.resume,
                                                   .checkpoint_seconds = options.checkpoint_seconds,
                                                   .keep_checkpoints = options.keep_checkpoints,
                                                   .first = plan.first},
                                                  stages, std::move(facts), ranks);
    if (result.stopped || ranks.rank() != 0) return result.exit_code;
    std::printf(
        "genome  %s  (%zu genes, %zu generations, %zu lifetimes, %zu broken, %.0f seconds)\n",
        std::filesystem::absolute(options.output).c_str(), Lives::Genome::count, result.generations,
        result.lifetimes, result.broken, result.seconds);
    if (options.json.empty()) return 0;
    Json report = run_facts(plan.program, options);
    report["genes"] = Lives::Genome::count;
    report["settings"] = plan.settings;
    report["lifetimes"] = result.lifetimes;
    report["broken_lifetimes"] = result.broken;
    report["seconds"] = result.seconds;
    report["core_hours"] =
        result.seconds * options.threads * static_cast<double>(ranks.count()) / 3600;
    report["fitness_per_generation"] = result.fitness;
    save_json(options.json, report);
    return 0;
}

}  // namespace tdca::support
