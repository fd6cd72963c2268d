# Debian packages that the scripts need, and a function that installs the missing ones.

build_packages=(
    g++ cmake ninja-build git
    libxtensor-dev libxsimd-dev librandom123-dev nlohmann-json3-dev zlib1g-dev libcsv-dev
    catch2 libbenchmark-dev libcli11-dev pkg-config libeigen3-dev libbox2d-dev
    libopenmpi-dev openmpi-bin
    gnuplot-nox libgnuplot-iostream-dev
    libboost-iostreams-dev libboost-system-dev libboost-filesystem-dev
    dataset-fashion-mnist python3 python3-numpy
)
# Data of small experiments and of their tests: of python3-sklearn we read the CSV files alone; bible-kjv
# prints a book.
data_packages=(python3-sklearn bible-kjv bible-kjv-text)
# Tables that R packages hold, and R, which writes them as CSV files (200 MB to download).
table_packages=(r-base-core r-cran-mlbench r-cran-kernlab r-cran-modeldata r-cran-ggplot2)
# Learning on small machines: compilers for ARM of 32 bits and what runs their programs here (62 MB to
# download), which tests want; for ARM of 64 bits (56 MB), which is only measured.
cross_packages=(g++-arm-linux-gnueabihf qemu-user)
cross64_packages=(g++-aarch64-linux-gnu)
# For boards without a system: Cortex-M and RISC-V of 32 bits (150 MB to download). Tests want them, and are
# skipped where they are missing.
bare_packages=(
    gcc-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-dev qemu-system-arm
    gcc-riscv64-unknown-elf
)
# The Python module: what builds it, and what its tests compare and work with.
python_packages=(
    pybind11-dev python3-pybind11 python3-dev python3-venv python3-pip python3-setuptools python3-wheel
    python3-pytest python3-sklearn python3-scipy python3-pandas
)
# What the speed benchmarks compare with. Each is optional: a missing one is named.
peer_packages=(libopenblas-dev libxsmm-dev libdnnl-dev libtorch-dev python3-torch)
# The minimisers that function optimisation is compared with; optional too.
minimizer_packages=(libpagmo-dev libnlopt-cxx-dev libtbb-dev libboost-serialization-dev)
# The second compiler, with its sanitizers' and OpenMP's runtimes, for tests that compile.
test_packages=(clang libclang-rt-14-dev libomp-14-dev)
# The site, and the browser that its test opens it in: 131 MB to download, the others are small.
docs_packages=(doxygen doxygen-awesome-css python3)
browser_packages=(chromium chromium-driver)
# The page that learns: a compiler for WebAssembly (109 MB to download), the library's headers, the digits.
page_packages=(emscripten libxtensor-dev libxsimd-dev librandom123-dev python3-sklearn)
check_packages=("${test_packages[@]}" clang-tidy clang-format-16)

# install_packages NAME...: installs those that are missing. Without root it names them and exits 2.
install_packages() {
    local package missing=()
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
            missing+=("$package")
    done
    if ((${#missing[@]} == 0)); then
        return
    fi
    if ((EUID != 0)); then
        echo "These Debian packages are missing: ${missing[*]}" >&2
        echo "As root: apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
        exit 2
    fi
    echo "Installing Debian packages: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}"
}
