// Asking a parameter block for a tensor that it does not have is refused.
// expect: this parameter block has no tensor of that name
#include "tdca/core/parameters.hpp"

tdca::Parameters<float, tdca::Parameter<"weights", tdca::Shape<2, 3>>> block;

#ifdef TDCA_CONTROL
float& first = block.get<"weights">()[0];
#else
float& first = block.get<"wieghts">()[0];
#endif
