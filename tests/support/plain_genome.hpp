// Genomes for tasks of tests: so many genes without a meaning.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::testing {

/// `Count` genes, all 0 at first.
template <std::size_t Count>
using PlainGenome = Genome<Part<"only", Genes<float, Parameter<"x", Shape<Count>>>>>;

/// Its genes, to be read and written.
template <class G>
[[nodiscard]] auto genes_of(G& genome) {
    return genome.template get<"only">().flat();
}

/// All genes of any genome, in a vector.
template <class G>
[[nodiscard]] std::vector<float> flat_genes(const G& genome) {
    std::vector<float> genes(G::count);
    genome.write(std::span<float, G::count>(genes));
    return genes;
}

}  // namespace tdca::testing
