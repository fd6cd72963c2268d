// A user of the parent's library. Usage: user FILE
#include <iostream>
#include <reader.hpp>

int main(int, char** argv) {
    std::cout << bits_of_file(tdca::Key(1), argv[1]) << '\n';
    return 0;
}
