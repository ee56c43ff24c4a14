#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "foundation/json_writer.hpp"

namespace saldo::http {

/// A field that is wrong, and what it has to be. Never repeats what was sent.
struct FieldFault {
    std::string json_path;  ///< `$.shop_baskets[0].items[1].quantity`
    std::string message;    ///< goes on after the field's name: `must be ...`, `is missing`
    bool operator==(const FieldFault&) const = default;
};

/// Why a body is not a request.
struct Malformed {
    enum class Kind : std::uint8_t { invalid_json, invalid_fields };
    Kind kind;
    std::vector<FieldFault> fields;
    bool operator==(const Malformed&) const = default;
};

/// The member `invalid_fields` of an answer.
void write_field_faults(foundation::JsonWriter& json, std::span<const FieldFault> faults);

}  // namespace saldo::http
