// A small convolutional network on Fashion-MNIST, trained by credits: the universal genome as it
// is, which never saw a convolution.
#include "support/architecture_table.hpp"
#include "support/architectures.hpp"
#include "tdca/credit/map_diffusion.hpp"

using namespace tdca;
using namespace tdca::support;

/// Credit from 6 × 6 sources over the image, in place of 32 along the layer.
template <ChannelSources Whose>
using OverMaps =
    Learner<Convolutional, TopDownNetwork<ClassificationSignal<10>, Hidden<8>,
                                          MapDiffusion<6, Whose>, PredictiveFeedback<>>>;

int main(int argc, char** argv) {
    return run_architectures(
        "conv_fashion_mnist", "A convolutional network trained by credits", argc, argv,
        [](ArchitectureTable& table) {
            table.network<Convolutional>("8 and 16 maps, 3 × 3");
            table.row<OverMaps<ChannelSources::separate>>("sources over each map");
            table.row<OverMaps<ChannelSources::shared>>("sources over all maps");
            table.fixed_feedback<Convolutional>("8 and 16 maps, 3 × 3");
        });
}
