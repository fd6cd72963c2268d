// SafetensorsHeader: the JSON header of a safetensors file, read without building a document.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/io/json.hpp"
#include "tdca/io/tensor_file.hpp"

namespace tdca::inline TDCA_ABI::detail {

/// A tensor that a header announces: its record, without bytes yet, and where its bytes are.
struct AnnouncedTensor {
    TensorRecord record;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// Receives the events of the JSON parser, and accepts those that a header may consist of:
///
///     {"__metadata__": {text: text, …},
///      name: {"dtype": text, "shape": [n, …], "data_offsets": [n, n]}, …}
///
/// Any text may name an element type, and other keys of an entry are ignored with all that is in
/// them. Anything else, also a key that comes twice, is an error as soon as it is seen. So memory
/// is in proportion to the header.
class SafetensorsHeader {
public:
    /// @throws tdca::Error naming `source`, the tensor, what was expected and what was found
    SafetensorsHeader(std::string_view text, std::string source) : source_(std::move(source)) {
        if (!text.starts_with('{')) {
            fail("the header is no JSON object", "'{'", in_quotes(text.substr(0, 1)));
        }
        // The parser takes a zero byte for the end of its input, whatever comes after it.
        if (const auto zero = text.find('\0'); zero != std::string_view::npos) not_json(zero + 1);
        // Json::sax_parse is this, and all readers of binary formats besides, since it is told its
        // format at run time: five seconds of compilation.
        using Adapter = decltype(nlohmann::detail::input_adapter(text));
        nlohmann::detail::parser<Json, Adapter>(nlohmann::detail::input_adapter(text))
            .sax_parse(this);
    }

    std::map<std::string, std::string> metadata;
    std::vector<AnnouncedTensor> tensors;

    // What the parser calls.
    bool null() { return ignores() || unexpected("null"); }
    bool boolean(bool value) { return ignores() || unexpected(value ? "true" : "false"); }
    bool number_integer(std::int64_t value) { return ignores() || unexpected(to_text(value)); }
    bool number_float(double /*value*/, const std::string& text) {
        return ignores() || unexpected(in_quotes(text));
    }
    bool binary(Json::binary_t& /*value*/) { return unexpected("binary data"); }

    bool number_unsigned(std::uint64_t value) {
        if (ignores()) return true;
        if (place_ == Place::shape) {
            tensors.back().record.shape.push_back(value);
        } else if (place_ == Place::offsets && offsets_ < 2) {
            (offsets_++ == 0 ? tensors.back().begin : tensors.back().end) = value;
        } else {
            unexpected(to_text(value));
        }
        return true;
    }

    bool string(const std::string& value) {
        if (ignores()) return true;
        if (place_ == Place::metadata) {
            metadata[key_] = value;
        } else if (place_ == Place::tensor && key_ == "dtype" && !value.empty()) {
            TensorRecord& record = tensors.back().record;
            record.dtype = dtype_named(value);
            if (record.dtype == DType::other) record.other_type = value;
        } else {
            unexpected(in_quotes(value));
        }
        return true;
    }

    bool key(const std::string& value) {
        if (place_ == Place::ignored) return true;
        const bool top = place_ == Place::file;
        const bool known = value == "dtype" || value == "shape" || value == "data_offsets";
        if (place_ == Place::tensor && !known) {
            place_ = Place::ignored;
            return true;
        }
        if (!(top ? names_ : keys_).insert(value).second) {
            fail("the key " + in_quotes(value) + " comes twice");
        }
        if (top) name_ = value == "__metadata__" ? "" : value;
        key_ = value;
        return true;
    }

    bool start_object(std::size_t /*size*/) {
        if (ignores(1)) return true;
        if (place_ == Place::nowhere) {
            place_ = Place::file;
        } else if (place_ == Place::file) {
            keys_.clear();
            place_ = key_ == "__metadata__" ? Place::metadata : Place::tensor;
            if (place_ == Place::tensor) tensors.push_back({{key_, {}, {}, {}, {}}});
        } else {
            unexpected("an object");
        }
        return true;
    }

    bool end_object() {
        if (ignores(-1)) return true;
        if (place_ == Place::tensor && keys_.size() != 3) {
            fail("keys are missing", "dtype, shape and data_offsets",
                 to_text(keys_.size()) + " of them");
        }
        place_ = place_ == Place::file ? Place::nowhere : Place::file;
        name_.clear();
        return true;
    }

    bool start_array(std::size_t /*size*/) {
        if (ignores(1)) return true;
        if (place_ == Place::tensor && key_ != "dtype") {
            place_ = key_ == "shape" ? Place::shape : Place::offsets;
            offsets_ = 0;
        } else {
            unexpected("an array");
        }
        return true;
    }

    bool end_array() {
        if (ignores(-1)) return true;
        if (place_ == Place::offsets && offsets_ != 2) {
            fail("data_offsets", "begin and end", to_text(offsets_) + " numbers");
        }
        place_ = Place::tensor;
        return true;
    }

    template <class Problem>
    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const Problem& /*problem*/) {
        not_json(position);
    }

private:
    /// Where in the header the parser is.
    enum class Place : std::uint8_t { nowhere, file, metadata, tensor, shape, offsets, ignored };

    /// Whether this value, or begin or end of one, belongs to a key that is ignored: with its end
    /// the entry goes on.
    bool ignores(int deeper = 0) {
        if (place_ != Place::ignored) return false;
        depth_ += deeper;
        if (depth_ == 0) place_ = Place::tensor;
        return true;
    }

    [[nodiscard]] std::string where() const {
        return name_.empty() ? source_ : source_ + ": tensor " + in_quotes(name_);
    }

    [[noreturn]] void fail(std::string_view problem) const { throw Error(where(), problem); }
    [[noreturn]] void fail(std::string_view problem, std::string_view expected,
                           const std::string& found) const {
        throw Error(where(), problem, expected, found);
    }

    [[noreturn]] void not_json(std::size_t position) const {
        fail("the header is not valid JSON, at its byte " + to_text(position));
    }

    /// A value of a kind that cannot stand where it stands.
    [[noreturn]] bool unexpected(const std::string& found) const {
        switch (place_) {
            case Place::metadata:
                fail("metadata " + in_quotes(key_), "a text", found);
            case Place::shape:
                fail("an extent in the shape", "a whole number from 0 to 2^64 - 1", found);
            case Place::offsets:
                fail("data_offsets", "two whole numbers from 0 to 2^64 - 1", found);
            case Place::tensor:
                fail(key_, key_ == "dtype" ? "an element type such as 'F32'" : "an array", found);
            default:
                fail("an entry of the header", "an object", found);
        }
    }

    std::string source_;
    Place place_ = Place::nowhere;
    std::string name_;             // the open entry of the header
    std::string key_;              // the innermost open key
    std::set<std::string> names_;  // keys of the header; ordered, as hashes can be made to collide
    std::set<std::string> keys_;   // keys of the open entry
    std::size_t offsets_ = 0;      // numbers seen in the open data_offsets
    std::int64_t depth_ = 0;       // of arrays and objects within what is ignored
};

}  // namespace tdca::detail
