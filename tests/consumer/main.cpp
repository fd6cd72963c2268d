// The program that all consumer projects build.
#include <tdca/core/shape.hpp>
#include <tdca/version.hpp>

#include <cstdio>

int main() {
    using Image = tdca::Shape<28, 28>;
    std::printf("tdca %d.%d: an image has %zu pixels\n", TDCA_VERSION_MAJOR, TDCA_VERSION_MINOR,
                Image::size);
    return Image::size == 784 ? 0 : 1;
}
