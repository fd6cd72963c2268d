// What a consumer writes: a network, a top-down network, one update. Exits 0 where it learned.
#include <tdca/tdca.hpp>

using namespace tdca;

using Net = Network<Input<32>, Dense<8, Relu>, Dense<2, Softmax>>;
using TopDown = TopDownNetwork<ClassificationSignal<2>, Hidden<4>, GaussianDiffusion<4>>;

int main() {
    using Student = Learner<Net, TopDown>;
    Student::Genome genome;
    Student::initialize(genome, Key(1));
    Lifetime<Student, 16> life;
    life.begin(genome, Key(1), 50);
    for (std::size_t s = 0; s < 16; ++s) {
        life.labels()[s] = s % 2;
        for (std::size_t i = 0; i < 32; ++i) {
            life.inputs()[32 * s + i] = (s + i) % 2 == 0 ? 1.0F : -1.0F;
        }
    }
    for (int update = 0; update < 50; ++update) life.update();
    return life.state().error.relative() < 0.5F ? 0 : 1;
}
