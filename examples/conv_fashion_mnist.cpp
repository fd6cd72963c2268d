// A small convolutional network on Fashion-MNIST, trained by credits: the universal genome as it
// is, which never saw a convolution.
#include "support/architecture_table.hpp"
#include "tdca/bottom_up/conv2d.hpp"
#include "tdca/bottom_up/pool.hpp"

using namespace tdca;
using namespace tdca::support;

using Conv = Network<Input<1, 28, 28>, Conv2d<8, 3, Relu, Sliding{.padding = 1}>, MaxPool<2>,
                     Conv2d<16, 3, Relu, Sliding{.padding = 1}>, MaxPool<2>,
                     Dense<10, Softmax, ScaledNormal>>;

int main(int argc, char** argv) {
    return run_architectures("conv_fashion_mnist", "A convolutional network trained by credits",
                             argc, argv, [](ArchitectureTable& table) {
                                 table.row<Conv>("8 and 16 maps, 3 × 3");
                                 table.fixed_feedback<Conv>("8 and 16 maps, 3 × 3");
                             });
}
