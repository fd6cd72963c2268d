// The quick start: a network of one's own learns Fashion-MNIST in a second.
#include <cstdio>
#include <tdca/data/idx.hpp>
#include <tdca/data/transform.hpp>
#include <tdca/presets.hpp>

using namespace tdca;

using Net = Network<Input<784>, Dense<100, Relu>, Dense<10, Softmax, ScaledNormal>>;

int main() {
    const auto folder = default_fashion_mnist_directory();
    const Dataset images = load_idx_directory(folder, Split::train);
    const auto standard = Standardization::fit(images);
    const Dataset train = standard.apply(images);
    const Dataset test = standard.apply(load_idx_directory(folder, Split::test));

    Classifier<Net> classifier;
    classifier.fit(train, 1000);  // 1,000 updates on minibatches of 64
    std::printf("test accuracy: %.2f %%\n", 100 * classifier.evaluate(test).accuracy);
}
