// Asking a genome for a part that it does not have is refused.
// expect: this genome has no part of that name
#include "tdca/core/genome.hpp"

using Block = tdca::Genes<float, tdca::Parameter<"gain", tdca::Shape<1>>>;
tdca::Genome<tdca::Part<"schedule", Block>> genome;

#ifdef TDCA_CONTROL
auto& part = genome.get<"schedule">();
#else
auto& part = genome.get<"shedule">();
#endif
