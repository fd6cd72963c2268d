// oneDNN: its matmul primitive, created once per shape.
#include "peers/products.hpp"
#include "tdca/core/number.hpp"

#ifdef TDCA_HAS_ONEDNN
#include <memory>
#include <unordered_map>

#include <oneapi/dnnl/dnnl.hpp>

namespace tdca::peers {

ProductPeer onednn() {
    const dnnl_version_t* const version = dnnl_version();
    return {"oneDNN",
            to_text(version->major) + "." + to_text(version->minor) + "." + to_text(version->patch),
            [](const Product& p) -> std::function<void()> {
                using Tag = dnnl::memory::format_tag;
                const auto n = [](std::size_t size) {
                    return static_cast<dnnl::memory::dim>(size);
                };
                const auto describe = [](const dnnl::memory::dims& dims, Tag tag) {
                    return dnnl::memory::desc(dims, dnnl::memory::data_type::f32, tag);
                };
                struct Call {
                    dnnl::engine engine{dnnl::engine::kind::cpu, 0};
                    dnnl::stream stream{engine};
                    dnnl::matmul primitive;
                    std::unordered_map<int, dnnl::memory> arguments;
                };
                auto call = std::make_shared<Call>();
                const auto a = describe({n(p.rows), n(p.inner)}, p.transposed ? Tag::ba : Tag::ab);
                const auto b = describe({n(p.inner), n(p.columns)}, Tag::ab);
                const auto c = describe({n(p.rows), n(p.columns)}, Tag::ab);
                call->primitive = dnnl::matmul(
                    dnnl::matmul::primitive_desc(dnnl::matmul::desc(a, b, c), call->engine));
                call->arguments = {
                    {DNNL_ARG_SRC, dnnl::memory(a, call->engine, const_cast<float*>(p.a))},
                    {DNNL_ARG_WEIGHTS, dnnl::memory(b, call->engine, const_cast<float*>(p.b))},
                    {DNNL_ARG_DST, dnnl::memory(c, call->engine, p.c)}};
                return [call] { call->primitive.execute(call->stream, call->arguments); };
            }};
}

}  // namespace tdca::peers
#else
namespace tdca::peers {
ProductPeer onednn() { return {"oneDNN", "Debian package libdnnl-dev is not installed", {}}; }
}  // namespace tdca::peers
#endif
