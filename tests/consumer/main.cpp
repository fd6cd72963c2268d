// A consumer of the whole library: a life by a genome that was never evolved.
#include <tdca/tdca.hpp>

#include "learns.hpp"

using TopDown = tdca::TopDownNetwork<tdca::ClassificationSignal<2>, tdca::Hidden<4>,
                                     tdca::GaussianDiffusion<4>>;
using Student = tdca::Learner<Net, TopDown>;

int main() {
    Student::Genome genome;
    Student::initialize(genome, tdca::Key(1));
    return learns<Student>(genome) ? 0 : 1;
}
