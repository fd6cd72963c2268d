// A consumer of tdca::mpi: a job of one process.
#include <cmath>
#include <limits>
#include <span>
#include <tdca/distributed/mpi.hpp>

int main(int argc, char** argv) {
    const tdca::MpiSession session(argc, argv);
    const tdca::MpiRanks ranks = session.ranks();
    double value = -0.0;
    ranks.combine(std::span(&value, 1));
    return ranks.rank() == 0 && ranks.count() == 1 && std::signbit(value) ? 0 : 1;
}
