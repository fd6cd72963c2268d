// Small convolutional networks on Fashion-MNIST, trained by credits: the universal genome as it is,
// which never saw a convolution, a normalisation or dropout.
#include "support/architecture_table.hpp"
#include "support/architectures.hpp"
#include "tdca/bottom_up/dropout.hpp"
#include "tdca/bottom_up/layer_norm.hpp"
#include "tdca/bottom_up/running_norm.hpp"
#include "tdca/credit/map_diffusion.hpp"

using namespace tdca;
using namespace tdca::support;

/// Credit from 6 × 6 sources over the image, in place of 32 along the layer.
template <ChannelSources Whose>
using OverMaps =
    Learner<Convolutional, TopDownNetwork<ClassificationSignal<10>, Hidden<8>,
                                          MapDiffusion<6, Whose>, PredictiveFeedback<>>>;

/// The same convolutions with something between them and the output.
template <class Between>
using With = Network<Input<1, 28, 28>, Conv2d<8, 3, Relu, Sliding{.padding = 1}>, MaxPool<2>,
                     Conv2d<16, 3, Relu, Sliding{.padding = 1}>, MaxPool<2>, Between,
                     Dense<10, Softmax, ScaledNormal>>;

/// A filter for each map, and then 16 that see a pixel of all: 200 weights in place of 1,152.
using DepthwiseSeparable =
    Network<Input<1, 28, 28>, Conv2d<8, 3, Relu, Sliding{.padding = 1}>, MaxPool<2>,
            Conv2d<8, 3, Relu, Sliding{.padding = 1, .groups = 8}>, Conv2d<16, 1>, MaxPool<2>,
            Dense<10, Softmax, ScaledNormal>>;

int main(int argc, char** argv) {
    return run_architectures(
        "conv_fashion_mnist", "Convolutional networks trained by credits", argc, argv,
        [](ArchitectureTable& table) {
            table.network<Convolutional>("8 and 16 maps, 3 × 3");
            table.fixed_feedback<Convolutional>("8 and 16 maps, 3 × 3");
            table.row<OverMaps<ChannelSources::separate>>("sources over each map");
            table.row<OverMaps<ChannelSources::shared>>("sources over all maps");
            table.network<With<LayerNorm<3>>>("LayerNorm<3>");
            table.network<With<RunningNorm>>("RunningNorm");
            table.network<With<Dropout<20>>>("Dropout<20>");
            table.network<DepthwiseSeparable>("depthwise separable");
        });
}
