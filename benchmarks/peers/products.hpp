// The libraries that a user would otherwise take for small matrix products.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace tdca::peers {

/// C (`rows` × `columns`) = A · B, all row-major. A is `rows` × `inner`, or `inner` × `rows` where
/// `transposed`: the forward product and the local update of a layer.
struct Product {
    bool transposed;
    std::size_t rows;
    std::size_t inner;
    std::size_t columns;
    const float* a;
    const float* b;
    float* c;
};

/// One library on one thread. `prepare` does what needs doing once per shape (code generation, say)
/// and gives the call to time.
struct ProductPeer {
    std::string name;
    std::string detail;  ///< version, and the kernel it chose; or why it is missing
    std::function<std::function<void()>(const Product&)> prepare;  ///< empty where it is missing
};

// Each in a file of its own, since each brings headers and flags of its own.
ProductPeer plain_loop();
ProductPeer eigen();
ProductPeer libxsmm();
ProductPeer onednn();
ProductPeer openblas();

inline std::vector<ProductPeer> product_peers() {
    return {openblas(), libxsmm(), onednn(), eigen(), plain_loop()};
}

}  // namespace tdca::peers
