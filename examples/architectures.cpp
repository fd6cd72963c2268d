// One genome, evolved on dense layers alone, trains networks of other kinds as they are: with
// convolutions, with memory, with attention, and deep ones with ways around their layers.
#include <cstddef>
#include <cstdio>

#include "support/fashion_mnist.hpp"
#include "support/program.hpp"
#include "tdca/bottom_up/attention.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/bottom_up/conv2d.hpp"
#include "tdca/bottom_up/pool.hpp"
#include "tdca/bottom_up/residual.hpp"
#include "tdca/presets.hpp"

using namespace tdca;

namespace {

using Top = Dense<10, Softmax, ScaledNormal>;

using Convolutional =
    Network<Input<1, 28, 28>, Conv2d<8, 3, Relu, Sliding{.padding = 1}>, MaxPool<2>, Top>;
/// Rows of the image are steps in time; its memory does not grow with their number.
using Sequential = Network<Input<28, 28>, Gru<64>, Top>;
/// Rows of the image are tokens.
using Attentive = Network<Input<28, 28>, SelfAttention<32>, Dense<64, Relu>, Top>;
using Block = Residual<Dense<64, Relu>>;
using Deep = Network<Input<784>, Dense<64, Relu>, Block, Block, Block, Block, Block, Block, Top>;

template <class Net>
double show(const char* what, const support::FashionMnist& data,
            const support::ProgramOptions& options) {
    const support::Stopwatch watch;
    Classifier<Net> classifier(options.seed);
    classifier.fit(data.train(), options.quick ? 20 : 1000);
    const double accuracy = 100 * classifier.evaluate(data.validation()).accuracy;
    std::printf("%-16s %6zu parameters  %.2f %% of validation samples  %.1f s\n", what,
                Net::parameter_count, accuracy, watch.seconds());
    return accuracy;
}

}  // namespace

int main(int argc, char** argv) {
    return support::run_program(
        "architectures", "Trains networks of many kinds with the genome that comes along", argc,
        argv, [](const support::ProgramOptions& options) {
            const support::FashionMnist data;
            support::save_report(
                "architectures", options,
                {{"convolutional", show<Convolutional>("convolutions", data, options)},
                 {"recurrent", show<Sequential>("GRU on rows", data, options)},
                 {"attentive", show<Attentive>("attention", data, options)},
                 {"deep", show<Deep>("eight layers", data, options)}});
            return 0;
        });
}
