#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ledger/event_fields.hpp"

namespace saldo::ledger {

/// Walks over everything that `fields` names and erases what is sealed.
class TextEraser {
  public:
    static constexpr bool reads = true;

    template <class Value>
    void operator()(std::string_view, Value& value) {
        erase(value);
    }

    void erase(Sealed& sealed) { sealed = Sealed::erased(); }
    template <class Value>
    void erase(std::optional<Value>& value) {
        if (value) erase(*value);
    }
    template <class Value>
    void erase(std::vector<Value>& values) {
        for (Value& value : values) erase(value);
    }
    template <class Value>
    void erase(Value& value) {
        if constexpr (requires(TextEraser eraser) { fields(eraser, value); }) fields(*this, value);
    }
};

}  // namespace saldo::ledger
