// A consumer of tdca::tables: a table is read, learned from and asked about.
#include <cmath>
#include <cstdint>
#include <fstream>
#include <memory>
#include <numeric>
#include <string>
#include <tdca/presets.hpp>
#include <tdca/tables/read_table.hpp>
#include <tdca/tables/table_file.hpp>
#include <vector>

using namespace tdca;

int main() {
    {
        std::ofstream file("table.csv");
        file << "x,y\n";
        for (int i = 0; i < 100; ++i) file << i % 10 << ',' << 3 * (i % 10) << '\n';
    }
    using Net = Network<Input<4>, Dense<8, Relu>, Dense<1, Identity, ScaledNormal>>;
    using Model = TableModel<Regressor<Net>>;
    const Table table = read_table("table.csv");
    const std::vector<std::string> names{"y"};
    const TableTarget target = TableTarget::find(table, names);
    std::vector<std::uint32_t> rows(table.rows());
    std::iota(rows.begin(), rows.end(), 0U);
    const auto model = std::make_unique<Model>(
        Model::train(table, TablePreprocessing::fit(table, rows, target.columns_of(table)), target,
                     rows, {{300}, 0, 1, 1}, 1, [](const TableProgress&) {}));
    save_table_model("table.safetensors", *model);
    const auto loaded =
        std::make_unique<Model>(load_table_model<Regressor<Net>>("table.safetensors"));
    const Matrix<double> predicted = loaded->predict(table, rows);
    return std::fabs(predicted(7, 0) - 21) < 3 ? 0 : 1;
}
