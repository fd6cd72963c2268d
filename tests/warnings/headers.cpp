// All headers of the library but those that need Box2D or MPI, as a consumer includes them.
#include <tdca/data/csv.hpp>
#include <tdca/data/idx.hpp>
#include <tdca/io/genome_file.hpp>
#include <tdca/io/last_checkpoints.hpp>
#include <tdca/tables/read_table.hpp>
#include <tdca/tables/table_file.hpp>
#include <tdca/tdca.hpp>

int main() { return 0; }
