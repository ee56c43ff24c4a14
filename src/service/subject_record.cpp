#include "service/subject_record.hpp"

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "checkout/event_fields.hpp"
#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"
#include "ledger/event_fields.hpp"
#include "ledger/event_writer.hpp"
#include "service/purchase_fold.hpp"
#include "service/session_fold.hpp"

namespace saldo::service {

namespace {

using foundation::JsonWriter;
using ledger::fields;  // for what lies in another room than ledger

/// Writes what `fields` names, as the log does, but with the texts where they belong and amounts as people write them.
class OpenWriter {
  public:
    static constexpr bool reads = false;

    explicit OpenWriter(JsonWriter& json) : json_(json) {}

    template <class Struct>
    void object(const Struct& content) {
        json_.begin_object();
        fields(*this, content);
        json_.end_object();
    }
    template <class Value>
    void operator()(std::string_view name, const Value& value) {
        json_.key(name);
        put(value);
    }
    template <class Value>
    void operator()(std::string_view name, const std::optional<Value>& value) {
        if (value) (*this)(name, *value);
    }
    template <class Value>
    void operator()(std::string_view name, const std::vector<Value>& values) {
        if (values.empty()) return;
        json_.key(name).begin_array();
        for (const Value& value : values) put(value);
        json_.end_array();
    }

  private:
    void put(const std::string& text) { json_.value(std::string_view(text)); }
    void put(bool truth) { json_.value(truth); }
    void put(std::int64_t number) { json_.value(number); }
    void put(int number) { json_.value(number); }
    void put(foundation::Decimal number) { json_.value(number); }
    void put(foundation::Money amount) {
        json_.value(std::string_view(amount.text() + ' ' + std::string(amount.currency().code())));
    }
    void put(foundation::Currency currency) { json_.value(currency.code()); }
    void put(foundation::Day day) { json_.value(day); }
    void put(foundation::Instant instant) { json_.value(std::string_view(foundation::utc_text(instant))); }
    void put(const foundation::Zone& zone) { json_.value(std::string_view(zone.name())); }
    void put(const subject::Sealed& sealed) { json_.value(sealed.text()); }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void put(Enum value) {
        json_.value(name_of(value));
    }
    template <class Struct>
        requires(std::is_class_v<Struct>)
    void put(const Struct& content) {
        object(content);
    }

    JsonWriter& json_;
};

}  // namespace

std::string subject_record(const subject::Key& master_key, const StreamName& stream, const StreamContent& content) {
    foundation::ensure(!content.events.empty(), "there is no record of a purchase that is not there");
    const auto key = unwrapped_key(master_key, stream.name, content.wrapped_key);
    JsonWriter json;
    json.begin_object().field(is_session(stream) ? "session_id" : "transaction_id", stream.name);
    json.field("erased", !key.has_value()).key("events").begin_array();
    const auto write = [&](const auto& recorded, const EventRecord& record) {
        json.begin_object().field("seq", recorded.seq).field("type", record.type);
        json.field("recorded_at", foundation::utc_text(recorded.recorded_at)).field("value_date", recorded.value_date);
        json.field("actor", recorded.actor).key("says");
        std::visit([&](const auto& event) { OpenWriter(json).object(event); }, recorded.event);
        json.end_object();
    };
    for (const EventRecord& record : content.events) {
        if (is_session(stream))
            write(session_event_of(record, key ? &*key : nullptr), record);
        else
            write(recorded_of(record, key ? &*key : nullptr), record);
    }
    json.end_array().end_object();
    return std::move(json).finish();
}

}  // namespace saldo::service
