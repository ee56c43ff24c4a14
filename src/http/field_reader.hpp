#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/decimal.hpp"
#include "foundation/json.hpp"
#include "foundation/money.hpp"
#include "foundation/outcome.hpp"
#include "http/field_fault.hpp"
#include "subject/sealed.hpp"

namespace saldo::http {

/// The body as a JSON object; anything else is invalid_json.
foundation::Outcome<foundation::JsonDocument, Malformed> parse_object(std::string_view body);

/// Collects everything that is wrong with a request, so that its sender can correct it at once.
class FieldFaults {
  public:
    /// More than this are not told: no answer is much larger than its request.
    static constexpr std::size_t told_max = 1000;

    void add(std::string json_path, std::string message);
    bool empty() const { return faults_.empty(); }
    Malformed malformed() &&;

  private:
    std::vector<FieldFault> faults_;
};

/// What a text may be. Sizes count characters, not bytes.
struct TextRule {
    std::size_t size_min = 0;
    std::size_t size_max = std::numeric_limits<std::size_t>::max();
    std::size_t visible_min = 0;                                       ///< characters that are no white space
    enum class Lines : std::uint8_t { one, many } lines = Lines::one;  ///< `many` may have line breaks and tabs
};

/// The characters of a valid UTF-8 text.
std::size_t character_count(std::string_view text);

/// Which side of 0 an amount may be on.
enum class Sign : std::uint8_t { any, positive, not_negative, not_positive, not_zero };

struct DecimalRule {
    Sign sign = Sign::any;
    std::int64_t magnitude_max = 10'000'000'000;  ///< in whole units
};

struct WholeRule {
    std::int64_t min;
    std::int64_t max;
};

struct ListRule {
    std::size_t size_min = 0;
    std::size_t size_max;
};

/// Reads the members of one object of a request by the contract's rules. What is wrong is told to the faults and read
/// as if it were absent; `null` is absent; members that nobody asks for are ignored.
///
/// A reader of a member lives no longer than the reader it came from, and all of them no longer than the document.
class FieldReader {
  public:
    /// The whole request. Requires an object.
    FieldReader(foundation::JsonValue object, FieldFaults& faults) : object_(object), faults_(&faults) {}

    bool has(std::string_view name) const { return find(name).has_value(); }
    /// Tells of each that is missing.
    void require(std::initializer_list<std::string_view> names) const;
    /// Tells something about a member, or (with an empty name) about this object itself.
    void blame(std::string_view name, std::string message) const;

    std::optional<std::string> text(std::string_view name, TextRule rule = {}) const;
    /// The same, where an empty text says as little as none.
    std::optional<std::string> filled_text(std::string_view name, TextRule rule = {}) const;
    std::optional<subject::Sealed> sealed(std::string_view name, TextRule rule = {}) const;

    /// One of these names.
    std::optional<std::string> choice(std::string_view name, std::span<const std::string_view> names) const;
    /// The enumerator of that name, as `name_of` writes it.
    template <class Enum, std::size_t Size>
    std::optional<Enum> choice(std::string_view name, const std::array<Enum, Size>& all) const {
        std::array<std::string_view, Size> names{};
        for (std::size_t i = 0; i < Size; ++i) names[i] = name_of(all[i]);
        const auto chosen = choice(name, std::span<const std::string_view>(names));
        if (!chosen) return std::nullopt;
        for (const Enum one : all)
            if (name_of(one) == *chosen) return one;
        return std::nullopt;
    }

    /// `true` or `false`.
    std::optional<bool> flag(std::string_view name) const;
    std::optional<std::int64_t> whole(std::string_view name, WholeRule rule) const;
    std::optional<foundation::Decimal> decimal(std::string_view name, DecimalRule rule = {}) const;
    /// An amount with the decimals of its currency. Where the currency is not known, every amount of any currency is
    /// good, and what is read means nothing.
    std::optional<foundation::Money> money(std::string_view name, std::optional<foundation::Currency> currency,
                                           Sign sign) const;
    std::optional<foundation::Currency> currency(std::string_view name) const;

    std::optional<foundation::Day> day(std::string_view name) const;
    std::optional<foundation::Instant> instant(std::string_view name) const;

    std::optional<FieldReader> object(std::string_view name) const;
    /// Calls `visit(reader)` for each object of a list.
    template <class Visit>
    void each(std::string_view name, ListRule rule, Visit visit) const {
        const auto list = this->list(name, rule);
        if (!list) return;
        std::size_t index = 0;
        list->each([&](foundation::JsonValue element) {
            const FieldReader reader(element, *this, name, index++);
            if (reader.is_object()) visit(reader);
        });
    }
    /// Calls `visit(name)` for each member that is none of these, `null` or not.
    template <class Visit>
    void each_other(std::initializer_list<std::string_view> known, Visit visit) const {
        object_.each([&](foundation::JsonValue member) {
            for (const std::string_view name : known)
                if (member.name() == name) return;
            visit(member.name());
        });
    }

    foundation::JsonValue value() const { return object_; }

  private:
    static constexpr std::size_t no_index = std::numeric_limits<std::size_t>::max();

    FieldReader(foundation::JsonValue object, const FieldReader& parent, std::string_view name, std::size_t index)
        : object_(object), faults_(parent.faults_), parent_(&parent), name_(name), index_(index) {}

    std::optional<foundation::JsonValue> find(std::string_view name) const;
    std::optional<foundation::JsonValue> list(std::string_view name, ListRule rule) const;
    /// The member, if it is of that kind.
    std::optional<foundation::JsonValue> typed(std::string_view name, foundation::JsonKind kind,
                                               std::string_view message) const;
    bool is_object() const;
    void append_path(std::string& path) const;

    foundation::JsonValue object_;
    FieldFaults* faults_;
    const FieldReader* parent_ = nullptr;
    std::string_view name_ = {};
    std::size_t index_ = no_index;
};

/// What `read` makes of an object, unless something was wrong with it.
template <class Read>
auto unless_malformed(foundation::JsonValue object, Read read)
    -> foundation::Outcome<decltype(read(std::declval<FieldReader>())), Malformed> {
    FieldFaults faults;
    auto value = read(FieldReader(object, faults));
    if (!faults.empty()) return std::unexpected(std::move(faults).malformed());
    return value;
}

/// The value as compact JSON.
std::string json_text(foundation::JsonValue value);

}  // namespace saldo::http
