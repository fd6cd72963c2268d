// oneDNN: its direct convolution, created once per shape, in the layouts that it chooses.
#include "peers/convolutions.hpp"
#include "tdca/core/number.hpp"

#ifdef TDCA_HAS_ONEDNN
#include <memory>
#include <unordered_map>

#include <oneapi/dnnl/dnnl.hpp>

namespace tdca::peers {

namespace {

struct Call {
    dnnl::engine engine{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream{engine};
    dnnl::primitive primitive;
    std::unordered_map<int, dnnl::memory> arguments;

    void give(int argument, const dnnl::memory::desc& description) {
        arguments[argument] = dnnl::memory(description, engine);
        auto* const numbers = static_cast<float*>(arguments[argument].get_data_handle());
        for (std::size_t i = 0; i < description.get_size() / sizeof(float); ++i) {
            numbers[i] = static_cast<float>(i % 17) * 0.1F - 0.8F;
        }
    }
};

struct Shapes {
    explicit Shapes(const Convolution& c) {
        const auto n = [](std::size_t size) { return static_cast<dnnl::memory::dim>(size); };
        const auto any = [](const dnnl::memory::dims& dims) {
            return dnnl::memory::desc(dims, dnnl::memory::data_type::f32,
                                      dnnl::memory::format_tag::any);
        };
        const std::size_t out = c.side + 2 * c.padding - c.extent + 1;
        below = any({n(c.samples), n(c.channels), n(c.side), n(c.side)});
        weights = any({n(c.filters), n(c.channels), n(c.extent), n(c.extent)});
        bias = any({n(c.filters)});
        above = any({n(c.samples), n(c.filters), n(out), n(out)});
        padding = {n(c.padding), n(c.padding)};
    }
    dnnl::memory::desc below;
    dnnl::memory::desc weights;
    dnnl::memory::desc bias;
    dnnl::memory::desc above;
    dnnl::memory::dims strides{1, 1};
    dnnl::memory::dims padding;

    [[nodiscard]] dnnl::convolution_forward::primitive_desc forward(
        const dnnl::engine& engine) const {
        return {dnnl::convolution_forward::desc(dnnl::prop_kind::forward_training,
                                                dnnl::algorithm::convolution_direct, below, weights,
                                                bias, above, strides, padding, padding),
                engine};
    }
};

}  // namespace

ConvolutionPeer onednn_convolution() {
    const dnnl_version_t* const version = dnnl_version();
    return {"oneDNN",
            to_text(version->major) + "." + to_text(version->minor) + "." + to_text(version->patch),
            [](const Convolution& c) -> std::function<void()> {
                auto call = std::make_shared<Call>();
                const auto plan = Shapes(c).forward(call->engine);
                call->give(DNNL_ARG_SRC, plan.src_desc());
                call->give(DNNL_ARG_WEIGHTS, plan.weights_desc());
                call->give(DNNL_ARG_BIAS, plan.bias_desc());
                call->give(DNNL_ARG_DST, plan.dst_desc());
                call->primitive = dnnl::convolution_forward(plan);
                return [call] { call->primitive.execute(call->stream, call->arguments); };
            },
            [](const Convolution& c) -> std::function<void()> {
                auto call = std::make_shared<Call>();
                const Shapes shapes(c);
                const dnnl::convolution_backward_weights::primitive_desc plan(
                    dnnl::convolution_backward_weights::desc(
                        dnnl::algorithm::convolution_direct, shapes.below, shapes.weights,
                        shapes.bias, shapes.above, shapes.strides, shapes.padding, shapes.padding),
                    call->engine, shapes.forward(call->engine));
                call->give(DNNL_ARG_SRC, plan.src_desc());
                call->give(DNNL_ARG_DIFF_DST, plan.diff_dst_desc());
                call->give(DNNL_ARG_DIFF_WEIGHTS, plan.diff_weights_desc());
                call->give(DNNL_ARG_DIFF_BIAS, plan.diff_bias_desc());
                call->primitive = dnnl::convolution_backward_weights(plan);
                return [call] { call->primitive.execute(call->stream, call->arguments); };
            }};
}

}  // namespace tdca::peers
#else
namespace tdca::peers {
ConvolutionPeer onednn_convolution() {
    return {"oneDNN", "Debian package libdnnl-dev is not installed", {}, {}};
}
}  // namespace tdca::peers
#endif
