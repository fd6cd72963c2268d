// The quick start: a network of one's own, trained by the shipped genome.
#include <cstdio>

#include "support/program.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/data/idx.hpp"
#include "tdca/data/transform.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/lifetime.hpp"

using namespace tdca;

using Net = Network<Input<784>, Dense<100, Relu>, Dense<10, Softmax, ScaledNormal>>;
using TopDown = TopDownNetwork<ClassificationSignal<10>, Hidden<8>, GaussianDiffusion<32>,
                               PredictiveFeedback<>>;
using Student = Learner<Net, TopDown>;

int main(int argc, char** argv) {
    const auto train_and_test = [](const support::ProgramOptions& options) {
        const auto folder = default_fashion_mnist_directory();
        const Dataset raw = load_idx_directory(folder, Split::train);
        const auto standard = Standardization::fit(raw);
        const Dataset train = standard.apply(raw);
        const Dataset test = standard.apply(load_idx_directory(folder, Split::test));
        const auto genome =
            load_genome<Student::Genome>(support::shipped_genome("fashion_mnist.safetensors"))
                .genome;

        const std::size_t updates = options.quick ? 100 : 1000;
        Lifetime<Student> life;
        life.live(genome, train, Key(options.seed), updates);
        const Evaluation result = life.evaluate(test);

        std::printf("test accuracy after %zu updates: %.2f %%\n", updates, 100 * result.accuracy);
        support::save_report("quick_start", options,
                             {{"updates", static_cast<double>(updates)},
                              {"test_accuracy", result.accuracy},
                              {"test_loss", result.loss}});
        return 0;
    };
    return support::run_program("quick_start",
                                "Trains a 784-100-10 network on Fashion-MNIST in a second", argc,
                                argv, train_and_test);
}
