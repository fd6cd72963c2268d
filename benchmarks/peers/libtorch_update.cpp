// One training step of libtorch: forward, backward, optimiser. The peer of benchmarks/update_step.
#include <torch/torch.h>

#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>

int main(int argc, char** argv) {
    std::map<std::string, std::string> options{
        {"--layers", "784,64,10"}, {"--batch", "64"}, {"--optimizer", "sgd"}, {"--threads", "1"}};
    for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
    at::set_num_threads(std::stoi(options["--threads"]));
    torch::manual_seed(1);

    torch::nn::Sequential network;
    std::istringstream sizes(options["--layers"]);
    std::string size;
    std::getline(sizes, size, ',');
    const long inputs = std::stol(size);
    long below = inputs;
    while (std::getline(sizes, size, ',')) {
        if (below != inputs || !network->is_empty()) network->push_back(torch::nn::ReLU());
        network->push_back(torch::nn::Linear(below, std::stol(size)));
        below = std::stol(size);
    }
    const long batch = std::stol(options["--batch"]);
    const auto x = torch::randn({batch, inputs});
    const auto labels = torch::randint(0, below, {batch}, torch::kLong);

    // Steps so small that no number leaves the range it was born in.
    std::unique_ptr<torch::optim::Optimizer> optimizer;
    if (options["--optimizer"] == "sgd") {
        optimizer = std::make_unique<torch::optim::SGD>(network->parameters(),
                                                        torch::optim::SGDOptions(1e-7));
    } else {
        optimizer = std::make_unique<torch::optim::Adam>(network->parameters(),
                                                         torch::optim::AdamOptions(1e-7));
    }
    auto parameters = network->parameters();
    const auto step = [&] {
        // Dropped, not zeroed: that is cheaper.
        for (auto& parameter : parameters) parameter.mutable_grad() = at::Tensor();
        torch::nn::functional::cross_entropy(network->forward(x), labels).backward();
        optimizer->step();
    };
    for (int warm = 0; warm < 200; ++warm) step();

    const char* const core = std::getenv("OPENBLAS_CORETYPE");
    std::cout << "ready libtorch " << TORCH_VERSION << ", " << at::get_num_threads()
              << " thread(s), OpenBLAS kernel " << (core == nullptr ? "of its own choice" : core)
              << std::endl;
    std::string word;
    while (std::cin >> word && word == "run") {
        long units = 0;
        std::cin >> units;
        const auto start = std::chrono::steady_clock::now();
        for (long u = 0; u < units; ++u) step();
        std::cout << std::setprecision(9)
                  << std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()
                  << std::endl;
    }
}
