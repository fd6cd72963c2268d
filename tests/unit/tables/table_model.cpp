// From rows of text to inputs, and models that are trained, saved, and asked about raw rows.
#include "tdca/tables/table_model.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/allocations.hpp"
#include "tdca/presets.hpp"
#include "tdca/tables/read_table.hpp"
#include "tdca/tables/table_file.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;
using Catch::Contains;

namespace {

using Names = std::vector<std::string>;

Table table_of(const Names& columns, const std::vector<std::vector<std::string_view>>& rows) {
    Table table("t.csv", columns);
    for (std::size_t i = 0; i < rows.size(); ++i) table.add(rows[i], i + 2);
    return table;
}

std::vector<std::uint32_t> all_rows(const Table& table) {
    std::vector<std::uint32_t> rows(table.rows());
    std::iota(rows.begin(), rows.end(), 0U);
    return rows;
}

TablePreprocessing fitted(const Table& table, const PreprocessingOptions& options = {}) {
    return TablePreprocessing::fit(table, all_rows(table), {}, options);
}

std::vector<float> encoded(const TablePreprocessing& preprocessing,
                           const std::vector<std::string_view>& cells, std::size_t width,
                           TablePreprocessing::Encoded* result = nullptr) {
    std::vector<float> inputs(width, -1.0F);
    const auto what = preprocessing.encode([&](std::size_t c) { return cells[c]; }, inputs);
    if (result != nullptr) *result = what;
    return inputs;
}

/// Houses whose price follows from area, kind and a missing garden.
Table houses(std::size_t rows) {
    Table table("houses.csv", {"area", "kind", "garden", "price"});
    for (std::size_t i = 0; i < rows; ++i) {
        const double area = 50 + 100 * static_cast<double>(Key(1).uniform(i));
        const bool villa = Key(2).below(3, i) == 0;
        const bool garden = Key(3).below(4, i) != 0;
        const double price = 1000 * area * (villa ? 2 : 1) + (garden ? 0 : -20'000);
        const std::string texts[] = {to_text(area), villa ? "villa" : "flat",
                                     garden ? to_text(100 + i % 7) : "", to_text(price)};
        const std::string_view cells[] = {texts[0], texts[1], texts[2], texts[3]};
        table.add(cells, i + 2);
    }
    return table;
}

using Net = Network<Input<8>, Dense<24, Relu>, Dense<1, Identity, ScaledNormal>>;
using Model = TableModel<Regressor<Net, 16>>;

struct Trained {
    Table table = houses(400);
    TableTarget target = TableTarget::find(table, Names{"price"});
    std::vector<std::uint32_t> rows = all_rows(table);
    Model model =
        Model::train(table, TablePreprocessing::fit(table, rows, target.columns_of(table)), target,
                     rows, {.updates = {100, 400}, .judgements = 1, .networks = 2, .threads = 1}, 7,
                     [](const TableProgress&) {});
};

}  // namespace

TEST_CASE("numbers are standardised, and grow as a logarithm beyond three deviations", "[tables]") {
    const auto preprocessing = fitted(table_of({"x"}, {{"1"}, {"3"}, {"5"}, {"7"}}));
    REQUIRE(preprocessing.features() == 1);
    const double deviation = std::sqrt(5.0);
    CHECK(encoded(preprocessing, {"6"}, 1)[0] == Approx(2 / deviation));
    CHECK(encoded(preprocessing, {"-4"}, 1)[0] == Approx(-(3 + std::log1p(8 / deviation - 3))));
    CHECK(encoded(preprocessing, {"1e300"}, 1)[0] < 1000);
    CHECK(encoded(preprocessing, {""}, 1)[0] == 0);  // the mean
    // A wider network has zeros behind, and larger inputs, so that its neurons are driven alike.
    const auto wide = encoded(preprocessing, {"6"}, 4);
    CHECK(wide[0] == Approx(2 * 2 / deviation));
    CHECK(std::ranges::count(wide, 0.0F) == 3);
    TablePreprocessing::Encoded result;
    (void)encoded(preprocessing, {"six"}, 1, &result);
    CHECK(result.no_number == 0);
}

TEST_CASE("categories have an input each, and what is like none of them is their average",
          "[tables]") {
    const auto two = fitted(table_of({"c"}, {{"a"}, {"b"}, {"a"}, {"a"}}));
    REQUIRE(two.features() == 2);
    CHECK(two.columns()[0].categories == Names{"a", "b"});
    TablePreprocessing::Encoded result;
    const auto inputs = encoded(two, {"b"}, 2, &result);
    CHECK(result.unseen == 0);
    CHECK(inputs[0] == Approx(-0.75 / std::sqrt(0.75 * 0.25)));
    CHECK(inputs[1] == Approx(0.75 / std::sqrt(0.75 * 0.25)));
    for (const char* text : {"z", ""}) {
        CHECK(encoded(two, {text}, 2, &result) == std::vector<float>{0, 0});
        CHECK(result.unseen == 1);
    }
    PreprocessingOptions options;
    options.as_category = {"n"};
    CHECK(fitted(table_of({"n"}, {{"1"}, {"2"}, {"3"}, {"1"}}), options).features() == 3);
    // Rare ones were there to learn from, as none of the others.
    options = {};
    options.most_categories = 2;
    const auto rare =
        fitted(table_of({"c"}, {{"a"}, {"a"}, {"b"}, {"b"}, {"c"}, {"a"}, {"b"}, {"a"}}), options);
    CHECK(rare.columns()[0].has_others);
    CHECK(encoded(rare, {"c"}, 2, &result) == encoded(rare, {"z"}, 2));
    CHECK(result.unseen == 0);
    CHECK(encoded(rare, {"c"}, 2)[0] < 0);
}

TEST_CASE("a missing value is the mean, and says so where that was learned", "[tables]") {
    const auto preprocessing =
        fitted(table_of({"x", "c"}, {{"1", "a"}, {"", "b"}, {"3", ""}, {"5", "a"}}));
    CHECK(preprocessing.features() == 2 + 3);
    TablePreprocessing::Encoded result;
    (void)encoded(preprocessing, {"", ""}, 5, &result);
    CHECK(result.unseen == 0);
    const auto inputs = encoded(preprocessing, {"", ""}, 5);
    CHECK(inputs[0] == 0);
    CHECK(inputs[1] == Approx(0.75 / std::sqrt(0.75 * 0.25)));
    CHECK(inputs[4] == Approx(0.75 / std::sqrt(0.75 * 0.25)));
    CHECK(preprocessing.columns()[0].remark == "1 missing");
}

TEST_CASE("columns that say nothing are left out, with the reason", "[tables]") {
    const auto preprocessing =
        fitted(table_of({"row", "same", "text", "none", "x"}, {{"1", "7", "tom", "", "4"},
                                                               {"2", "7", "dick", "", "2"},
                                                               {"3", "7", "harry", "", "9"}}),
               {.leave_out = {}, .as_category = {}, .most_categories = 2});
    const auto& columns = preprocessing.columns();
    CHECK(columns[0].remark == "counts the rows");
    CHECK(columns[1].remark == "always the same");
    CHECK_THAT(columns[2].remark, Contains("hardly repeat"));
    CHECK(columns[3].remark == "no values");
    CHECK(preprocessing.features() == 1);
    CHECK_THROWS_WITH(fitted(table_of({"same"}, {{"7"}, {"7"}})),
                      Contains("no column is left to learn from"));
    CHECK_THROWS_WITH(fitted(table_of({"x"}, {})), Contains("no rows to learn from"));
    std::vector<std::vector<std::string_view>> rows;
    std::vector<std::string> texts;
    for (int i = 0; i < 100; ++i) texts.push_back(to_text(i * i));
    texts[17] = "n.d.";
    for (const std::string& text : texts) rows.push_back({text});
    CHECK_THROWS_WITH(fitted(table_of({"x"}, rows)), Contains("t.csv:19") &&
                                                         Contains("that one is missing") &&
                                                         Contains("found n.d."));
}

TEST_CASE("fewer categories count where there is no room for all", "[tables]") {
    std::vector<std::vector<std::string_view>> rows;
    std::vector<std::string> texts;
    for (int i = 0; i < 64; ++i) texts.push_back("c" + to_text(i % 16));
    for (const std::string& text : texts) rows.push_back({text});
    PreprocessingOptions options;
    options.most_features = 10;
    const auto preprocessing = fitted(table_of({"c"}, rows), options);
    CHECK(preprocessing.features() == 8);
    CHECK_THAT(preprocessing.columns()[0].remark, Contains("8 rarer categories count as none"));
}

TEST_CASE("of many categories those of one row alone count as none", "[tables]") {
    const auto with = [](std::size_t twice, std::size_t once) {
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < 2 * twice + once; ++i) {
            texts.push_back("c" + to_text(i < 2 * twice ? i / 2 : i));
        }
        std::vector<std::vector<std::string_view>> rows;
        for (const std::string& text : texts) rows.push_back({text});
        PreprocessingOptions options;
        options.most_categories = 100;
        return fitted(table_of({"c"}, rows), options).features();
    };
    CHECK(with(20, 12) == 32);
    CHECK(with(20, 13) == 20);
    CHECK(with(60, 9) == 60);
    CHECK(with(101, 0) == 100);
}

TEST_CASE("what is to be predicted is told by its cells", "[tables]") {
    const Table table = table_of(
        {"n", "c", "yes", "no", "b"},
        {{"1", "x", "y", "0", "3"}, {"2", "y", "n", "1", "3"}, {"4.5", "z", "y", "1", "4"}});
    CHECK(TableTarget::find(table, Names{"n"}).kind == TargetKind::numbers);
    const auto classes = TableTarget::find(table, Names{"c"});
    CHECK(classes.kind == TargetKind::classes);
    CHECK(classes.outputs() == 3);
    CHECK(classes.class_of("y") == 1);
    CHECK_FALSE(classes.class_of("w").has_value());
    const auto labels = TableTarget::find(table, Names{"yes", "no"});
    CHECK(labels.kind == TargetKind::labels);
    CHECK(labels.number_of(0, "y") == 1);
    CHECK(labels.number_of(1, "0") == 0);
    CHECK(std::isnan(labels.number_of(1, "")));
    CHECK(TableTarget::find(table, Names{"b"}).kind == TargetKind::classes);
    CHECK(TableTarget::find(table, Names{"b"}, TargetKind::numbers).kind == TargetKind::numbers);
    CHECK(TableTarget::find(table, Names{"n", "b"}).kind == TargetKind::numbers);
    CHECK_THROWS_WITH(TableTarget::find(table, Names{"c"}, TargetKind::numbers),
                      Contains("not all are numbers in c"));
    CHECK_THROWS_WITH(TableTarget::find(table, Names{"n", "c"}), Contains("not all are numbers"));
    CHECK_THROWS_WITH(TableTarget::find(table, Names{"n", "yes"}, TargetKind::labels),
                      Contains("two different values"));
    CHECK_THROWS_WITH(TableTarget::find(table, Names{}), Contains("no columns to be predicted"));
    CHECK_THROWS_WITH(TableTarget::find(table_of({"e"}, {{""}}), Names{"e"}),
                      Contains("has no values"));
    CHECK_THROWS_WITH(TableTarget::find(table_of({"e"}, {{"4"}, {"4"}}), Names{"e"}),
                      Contains("always the same"));
    CHECK_THROWS_WITH(TableTarget::find(table, Names{"n", "1"}), Contains("twice"));
    CHECK_THROWS_WITH(TableTarget::find(table_of({"e"}, {{"1,234"}, {"5"}, {"6"}}), Names{"e"}),
                      Contains("t.csv:2") && Contains("numbers with commas"));
}

TEST_CASE("a message on commas says what they are", "[tables]") {
    const auto message = [](std::vector<std::string_view> cells) {
        std::vector<std::vector<std::string_view>> rows{{"5"}, {"6"}};
        for (const std::string_view cell : cells) rows.push_back({cell});
        return error_of([&] { (void)table_of({"e"}, rows).has_numbers(0); });
    };
    for (const char* cell : {"2.000,5", "1,234.5", "1,234,567", "2.000.000,5"}) {
        CHECK_THAT(message({cell}), Contains("t.csv:4") &&
                                        Contains("numbers with marks of thousands: write them "
                                                 "without") &&
                                        Contains(cell));
    }
    CHECK_THAT(message({"3,5", "2.000,5"}), Contains("t.csv:5") && Contains("marks of thousands"));
    CHECK_THAT(message({"3,5"}), Contains("t.csv:4") && Contains("say where a file is read"));
    for (const char* cell : {"1.2.2020", "a,b", "1.234.567"}) {
        CHECK_FALSE(table_of({"e"}, {{"5"}, {cell}}).has_numbers(0));
    }
    // As a file is read whose commas are decimal.
    const Table read = parse_table("g.csv", "a;b\n1,5;2.000,5\n3,5;7\n", {.decimal_comma = true});
    CHECK(read.has_numbers(0));
    CHECK_THROWS_WITH(read.has_numbers(1), Contains("g.csv:2") && Contains("marks of thousands"));
}

TEST_CASE("a number is one value however it is written", "[tables]") {
    const Table one = table_of({"e"}, {{"1"}, {"1.0"}, {"1"}, {"+1"}});
    CHECK_THROWS_WITH(TableTarget::find(one, Names{"e"}), Contains("always the same"));
    const Table table = table_of({"e", "f"}, {{"1.0", "a"}, {"0", "1"}, {"1", "1.0"}, {"-0", "a"}});
    for (const auto kind : {std::optional<TargetKind>(), std::optional(TargetKind::classes)}) {
        const auto two = TableTarget::find(table, Names{"e"}, kind);
        REQUIRE(two.kind == TargetKind::classes);
        CHECK(two.texts[0] == Names{"-0", "1"});
        CHECK(two.class_of("1.0") == 1);
        CHECK(two.class_of("1e0") == 1);
        CHECK(two.class_of("0") == 0);
        CHECK_FALSE(two.class_of("2").has_value());
        CHECK_FALSE(two.class_of("one").has_value());
    }
    const auto labels = TableTarget::find(
        table_of({"a", "b"}, {{"1", "0"}, {"1.0", "1"}, {"0", ""}}), Names{"a", "b"});
    CHECK(labels.kind == TargetKind::labels);
    CHECK(labels.number_of(0, "1.0") == 1);
    // Texts are texts where not all are numbers.
    const auto texts = TableTarget::find(table, Names{"f"});
    CHECK(texts.texts[0] == Names{"1", "1.0", "a"});
    CHECK_FALSE(texts.class_of("1.00").has_value());
}

TEST_CASE("a constant has its value and a scale of 1, however often it occurs", "[tables]") {
    for (const double x : {0.1, 110'000'000.3, 1e-300, -1.7e308, 0.0}) {
        for (const std::size_t count : {1, 3, 3000, 100'001}) {
            const std::vector<double> same(count, x);
            const auto [mean, scale] = detail::moments_of(same);
            CHECK(mean == x);
            CHECK(scale == 1);
        }
    }
    // Nothing but rounding tells these apart, but something these.
    const std::vector<double> rounded{0.3, 0.1 + 0.2, 0.3, 0.3};
    CHECK(detail::moments_of(rounded).scale == 1);
    CHECK(detail::moments_of(std::vector<double>{1e-300, 3e-300}).scale == Approx(1e-300));
    CHECK(detail::moments_of(std::vector<double>{1e15, 1e15 + 8}).scale == 4);

    std::vector<std::vector<std::string_view>> rows;
    for (int i = 0; i < 6000; ++i) rows.push_back({i % 2 == 0 ? "" : "110000000.3"});
    const auto preprocessing = fitted(table_of({"x"}, rows));
    CHECK(encoded(preprocessing, {"110000000.3"}, 2)[0] == 0);
    CHECK(encoded(preprocessing, {"110000000.4"}, 2)[0] == Approx(0.1).epsilon(1e-6));
}

TEST_CASE("rows that are not there are refused", "[tables]") {
    const Table table = houses(60);
    const Table none = table_of({"area", "kind", "garden", "price"}, {});
    auto target = TableTarget::find(table, Names{"price"});
    const auto columns = target.columns_of(table);
    const auto rows = all_rows(table);
    const std::vector<std::uint32_t> beyond{0, 1, 2, 3, 1000};
    const std::vector<std::uint32_t> first{0};
    const auto inputs = TablePreprocessing::fit(table, rows, columns);
    const char* const refused = "houses.csv: no such row (expected below 60, found 1000)";
    CHECK_THROWS_WITH(TablePreprocessing::fit(table, beyond, columns), refused);
    CHECK_THROWS_WITH(target.scale_to(table, beyond), refused);
    CHECK_THROWS_WITH(inputs_of(table, inputs, beyond, 8), refused);
    CHECK_THROWS_WITH(dataset_of(table, inputs, target, beyond, 8), refused);
    CHECK_THROWS_WITH(split_rows(table, target, beyond, 0.5, Key(1)), refused);
    CHECK_THROWS_WITH(
        Model::train(table, inputs, target, beyond, {}, 7, [](const TableProgress&) {}), refused);
    Model model(inputs, target);
    CHECK_THROWS_WITH(model.predict(table, beyond), refused);
    CHECK_THROWS_WITH(model.predict(none, first), Contains("no such row") && Contains("below 0"));
    CHECK_THROWS_WITH(TablePreprocessing::fit(none, first, columns), Contains("no such row"));
}

TEST_CASE("parts have their share of each class, and a class of one stays to be learned",
          "[tables]") {
    Table table("t.csv", {"c"});
    for (std::size_t i = 0; i < 100; ++i) {
        const std::string_view cell = i == 0 ? "once" : i < 80 ? "often" : "seldom";
        table.add(std::span(&cell, 1), i + 2);
    }
    const auto target = TableTarget::find(table, Names{"c"});
    const auto [learn, judge] = split_rows(table, target, all_rows(table), 0.25, Key(3));
    CHECK(learn.size() + judge.size() == 100);
    const auto count = [&](const auto& rows, std::string_view text) {
        return std::ranges::count_if(rows, [&](auto row) { return table.cell(row, 0) == text; });
    };
    CHECK(std::abs(count(judge, "often") - 20) <= 1);
    CHECK(std::abs(count(judge, "seldom") - 5) <= 1);
    CHECK(count(judge, "once") == 0);
    CHECK(split_rows(table, target, all_rows(table), 0.25, Key(3)).second == judge);
    CHECK(split_rows(table, target, all_rows(table), 0, Key(3)).second.empty());
    CHECK_THROWS_WITH(split_rows(table, target, all_rows(table), 1.5, Key(3)),
                      Contains("is no share"));
}

TEST_CASE("a model predicts rows of its table far better than their mean", "[tables]") {
    Trained trained;
    const Matrix<double> predicted = trained.model.predict(trained.table, trained.rows);
    double squares = 0;
    double distances = 0;
    double mean = 0;
    const auto price = [&](std::size_t row) { return *number_in(trained.table.cell(row, 3)); };
    for (const auto row : trained.rows) mean += price(row) / 400;
    for (const auto row : trained.rows) {
        const double error = predicted(row, 0) - price(row);
        squares += error * error;
        distances += (price(row) - mean) * (price(row) - mean);
    }
    CHECK(squares < 0.02 * distances);
    CHECK(trained.model.networks().size() == 2);
}

TEST_CASE("a model comes back from its file, and answers with the same bits", "[tables]") {
    Trained trained;
    const TemporaryFolder folder;
    save_table_model(folder / "m.safetensors", trained.model, {{"note", "of a test"}});
    Model loaded = load_table_model<Regressor<Net, 16>>(folder / "m.safetensors");
    const Matrix<double> before = trained.model.predict(trained.table, trained.rows);
    const Matrix<double> after = loaded.predict(trained.table, trained.rows);
    CHECK(std::equal(before.begin(), before.end(), after.begin()));
    CHECK(loaded.updates() == trained.model.updates());
    CHECK(loaded.target().columns == Names{"price"});
    // A model's target is in its own units, before and after.
    for (const TableTarget* target : {&trained.model.target(), &loaded.target()}) {
        const Dataset data = dataset_of(trained.table, loaded.preprocessing(), *target,
                                        std::vector<std::uint32_t>{5}, 8);
        CHECK(data.numbers()(0, 0) == static_cast<float>(*number_in(trained.table.cell(5, 3))));
    }

    // One raw row at a time, by name of column, without allocation.
    std::vector<std::size_t> at = loaded.preprocessing().columns_of(trained.table);
    double one = 0;
    const std::size_t allocated = allocations;
    (void)loaded.predict([&](std::size_t c) { return trained.table.cell(5, at[c]); },
                         std::span<double>(&one, 1));
    CHECK(allocations == allocated);
    CHECK(one == before(5, 0));

    // Columns are found by name, wherever they stand.
    const Table other = table_of(
        {"kind", "more", "garden", "area"},
        {{trained.table.cell(5, 1), "?", trained.table.cell(5, 2), trained.table.cell(5, 0)}});
    CHECK(loaded.predict(other, all_rows(other))(0, 0) == before(5, 0));
    CHECK_THROWS_WITH(loaded.predict(table_of({"area", "kind"}, {{"1", "flat"}}), {}),
                      Contains("the column garden is missing"));
    const Table bad = table_of({"area", "kind", "garden"}, {{"large", "flat", "1"}});
    CHECK_THROWS_WITH(loaded.predict(bad, all_rows(bad)),
                      Contains("t.csv:2") && Contains("column area") && Contains("found large"));
    std::size_t unseen = 0;
    const Table castle = table_of({"area", "kind", "garden"}, {{"70", "castle", "1"}});
    CHECK(std::isfinite(loaded.predict(castle, all_rows(castle), &unseen)(0, 0)));
    CHECK(unseen == 1);
}

TEST_CASE("a file that is no model of this kind is refused", "[tables]") {
    Trained trained;
    const TemporaryFolder folder;
    const auto path = folder / "m.safetensors";
    save_table_model(path, trained.model);
    using Wide = Network<Input<16>, Dense<24, Relu>, Dense<1, Identity>>;
    CHECK_THROWS_WITH((load_table_model<Regressor<Wide>>(path)), Contains("other networks"));
    using Deeper = Network<Input<8>, Dense<24, Relu>, Dense<24, Relu>, Dense<1, Identity>>;
    CHECK_THROWS_AS((load_table_model<Regressor<Deeper>>(path)), Error);
    using Classes = Network<Input<8>, Dense<24, Relu>, Dense<1, Softmax>>;
    CHECK_THROWS_WITH((load_table_model<Classifier<Classes>>(path)), Contains("kind of target"));
    TensorFile file = load_safetensors(path);
    const auto with_model = [&](const std::string& model) {
        file.metadata["model"] = model;
        save_safetensors(path, file);
        return error_of([&] { (void)load_table_model<Regressor<Net, 16>>(path); });
    };
    Json json = Json::parse(file.metadata["model"]);
    CHECK_THAT(with_model("{"), Contains("no table model"));
    CHECK_THAT(with_model("{}"), Contains("no table model"));
    Json changed = json;
    changed["networks"] = 3;
    CHECK_THAT(with_model(changed.dump()), Contains("m.safetensors"));
    changed = json;
    changed["networks"] = 1;
    CHECK_THAT(with_model(changed.dump()), Contains("tensors that this model does not have"));
    changed = json;
    changed["scale"] = Json::array();
    CHECK_THAT(with_model(changed.dump()), Contains("not all there"));
    changed = json;
    changed["inputs"][0]["features"][0][1] = 0;
    CHECK_THAT(with_model(changed.dump()), Contains("a mean or a scale that is none"));
    changed = json;
    changed["target"]["kind"] = 9;
    CHECK_THAT(with_model(changed.dump()), Contains("of a kind that there is not"));
    const std::string bytes = read_file(path);
    write_file(path, bytes.substr(0, bytes.size() / 2));
    CHECK_THROWS_AS((load_table_model<Regressor<Net, 16>>(path)), Error);
    write_file(path, "genome");
    CHECK_THROWS_AS(load_table_model_facts(path), Error);
}

TEST_CASE("whether a column has numbers does not depend on the rows that are learned from",
          "[tables]") {
    Table table("t.csv", {"x", "y"});
    for (std::size_t i = 0; i < 100; ++i) {
        const std::string x = i == 42 ? "oops" : to_text(static_cast<double>(i) / 4);
        const std::string_view cells[] = {x, "1"};
        table.add(cells, i + 2);
    }
    for (const std::uint32_t first : {0U, 50U}) {
        std::vector<std::uint32_t> rows(50);
        std::iota(rows.begin(), rows.end(), first);
        CHECK_THROWS_WITH(TablePreprocessing::fit(table, rows, {}),
                          Contains("t.csv:44") && Contains("found oops"));
    }
}

TEST_CASE("numbers of any size are told in double precision", "[tables]") {
    Table table("t.csv", {"x", "y"});
    for (std::size_t i = 0; i < 200; ++i) {
        const auto x = static_cast<double>(i % 50);
        const std::string texts[] = {to_text(x), to_text(1'700'000'000 + x)};
        const std::string_view cells[] = {texts[0], texts[1]};
        table.add(cells, i + 2);
    }
    const auto rows = all_rows(table);
    const auto target = TableTarget::find(table, Names{"y"});
    Model model =
        Model::train(table, TablePreprocessing::fit(table, rows, target.columns_of(table)), target,
                     rows, {.updates = {1000}, .judgements = 1, .networks = 1, .threads = 1}, 1,
                     [](const TableProgress&) {});
    const Matrix<double> predicted = model.predict(table, rows);
    for (std::size_t i = 0; i < 50; ++i) {
        CHECK(std::fabs(predicted(i, 0) - 1'700'000'000 - static_cast<double>(i)) < 5);
    }
    // Squares of these are beyond double precision.
    const auto huge = fitted(table_of({"x"}, {{"1e300"}, {"-1e300"}, {"2"}}));
    CHECK(huge.columns()[0].features[0].scale == Approx(std::sqrt(2.0 / 3) * 1e300));
}

TEST_CASE("numbers as far apart as doubles go have inputs and targets that are finite",
          "[tables]") {
    const auto tiny = fitted(table_of({"x"}, {{"1e-300"}, {"3e-300"}}));
    CHECK(encoded(tiny, {"1e10"}, 1)[0] == Approx(3 + 310 * std::log(10)));
    CHECK(encoded(tiny, {"-1e10"}, 1)[0] == Approx(-3 - 310 * std::log(10)));
    CHECK(encoded(tiny, {"1e7"}, 1)[0] < encoded(tiny, {"1e8"}, 1)[0]);
    CHECK(encoded(tiny, {"1e8"}, 1)[0] < encoded(tiny, {"1e9"}, 1)[0]);
    const auto low = fitted(table_of({"x"}, {{"-1.7e308"}, {"-1.6e308"}}));
    CHECK(encoded(low, {"1.7e308"}, 1)[0] == Approx(3 + std::log1p(67 - 3)));

    Table table("t.csv", {"x", "y"});
    for (std::size_t i = 0; i < 60; ++i) {
        const std::string x = i % 2 == 0 ? "1.7e308" : "-1.7e308";
        const std::string_view cells[] = {x, x};
        table.add(cells, i + 2);
    }
    const auto rows = all_rows(table);
    const auto target = TableTarget::find(table, Names{"y"}, TargetKind::numbers);
    const auto inputs = TablePreprocessing::fit(table, rows, target.columns_of(table));
    Model model = Model::train(table, inputs, target, rows,
                               {.updates = {200}, .judgements = 1, .networks = 1, .threads = 1}, 1,
                               [](const TableProgress&) {});
    const Matrix<double> predicted = model.predict(table, rows);
    for (std::size_t i = 0; i < 60; ++i) {
        CHECK(std::isfinite(predicted(i, 0)));
        CHECK((predicted(i, 0) > 0) == (i % 2 == 0));
    }
    // In their own units single precision has no room for them.
    CHECK_THROWS_WITH(dataset_of(table, inputs, model.target(), rows, 8),
                      Contains("t.csv:2") && Contains("column y") && Contains("single precision") &&
                          Contains("1.7e308"));
}

TEST_CASE("probabilities sum to 1 where the network has room for more classes", "[tables]") {
    Table table("t.csv", {"x", "c"});
    for (std::size_t i = 0; i < 60; ++i) {
        const std::string x = to_text(i % 7);
        const std::string_view cells[] = {x, i % 7 < 3 ? "low" : "high"};
        table.add(cells, i + 2);
    }
    const auto rows = all_rows(table);
    const auto target = TableTarget::find(table, Names{"c"});
    using Classes = Network<Input<4>, Dense<8, Relu>, Dense<10, Softmax, ScaledNormal>>;
    auto model = TableModel<Classifier<Classes, 16>>::train(
        table, TablePreprocessing::fit(table, rows, target.columns_of(table)), target, rows,
        {.updates = {5}, .judgements = 1, .networks = 1, .threads = 1}, 1,
        [](const TableProgress&) {});
    const Matrix<double> predicted = model.predict(table, rows);
    REQUIRE(predicted.shape()[1] == 2);
    for (const auto row : rows) CHECK(predicted(row, 0) + predicted(row, 1) == Approx(1));
}

TEST_CASE("training on several threads gives the same bits", "[tables]") {
    const Table table = houses(100);
    const auto target = TableTarget::find(table, Names{"price"});
    const auto rows = all_rows(table);
    const auto preprocessing = TablePreprocessing::fit(table, rows, target.columns_of(table));
    const auto with = [&](int threads) {
        return Model::train(
                   table, preprocessing, target, rows,
                   {.updates = {20, 50}, .judgements = 1, .networks = 3, .threads = threads}, 7,
                   [](const TableProgress&) {})
            .predict(table, rows);
    };
    const Matrix<double> one = with(1);
    const Matrix<double> three = with(3);
    CHECK(std::equal(one.begin(), one.end(), three.begin()));
}

TEST_CASE("training that is told to stop begins no other network", "[tables]") {
    const Table table = houses(100);
    const auto target = TableTarget::find(table, Names{"price"});
    const auto rows = all_rows(table);
    const auto preprocessing = TablePreprocessing::fit(table, rows, target.columns_of(table));
    for (const bool chooses : {true, false}) {
        for (const int threads : {1, 2}) {
            std::atomic<int> told = 0;
            const auto stop = [&](const TableProgress&) {
                ++told;
                throw std::runtime_error("enough");
            };
            const TableEffort effort{.updates = chooses ? std::vector<std::size_t>{20, 50}
                                                        : std::vector<std::size_t>{20},
                                     .judgements = 10,
                                     .networks = 20,
                                     .threads = threads};
            CHECK_THROWS_WITH(Model::train(table, preprocessing, target, rows, effort, 7, stop),
                              "enough");
            CHECK(told <= threads);
        }
    }
}

TEST_CASE("a table that the network has no room for is refused", "[tables]") {
    const Table table = houses(20);
    const auto target = TableTarget::find(table, Names{"price"});
    const auto rows = all_rows(table);
    const auto preprocessing = TablePreprocessing::fit(table, rows, target.columns_of(table));
    using Narrow = TableModel<Regressor<Network<Input<2>, Dense<1, Identity>>>>;
    CHECK_THROWS_WITH(Narrow(preprocessing, target), Contains("room for"));
    using Classes = TableModel<Classifier<Network<Input<8>, Dense<2, Softmax>>>>;
    CHECK_THROWS_WITH(Classes(preprocessing, target), Contains("kind of target"));
}
