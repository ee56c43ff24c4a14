#include "service/log_export.hpp"

#include <limits>
#include <optional>
#include <utility>

#include "foundation/json.hpp"
#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"

namespace saldo::service {

namespace {

using foundation::Digest;
using foundation::JsonDocument;
using foundation::JsonKind;
using foundation::JsonValue;
using foundation::JsonWriter;

constexpr std::string_view head = R"({"saldo_export":1})";
constexpr int page_size = 1000;
constexpr int events_per_commit = 2000;

void put_hex(JsonWriter& out, std::string_view name, std::string_view bytes) {
    if (!bytes.empty()) out.field(name, foundation::hex(bytes));
}

std::string line_of_secret(std::string_view name, std::string_view wrapped) {
    JsonWriter out;
    out.begin_object().field("secret", name).field("wrapped", foundation::hex(wrapped)).end_object();
    return std::move(out).finish();
}

std::string line_of(const EventRecord& record, std::string_view subject_key) {
    JsonWriter out;
    out.begin_object();
    out.field("bucket", static_cast<std::int64_t>(record.stream.bucket)).field("position", record.position);
    out.field("stream", record.stream.name).field("seq", record.seq);
    out.field("type", record.type).field("schema_version", record.schema_version);
    out.field("recorded_at", record.recorded_at.time_since_epoch().count());
    out.field("effective_at", record.effective_at.time_since_epoch().count());
    out.field("value_date", record.value_date).field("actor", record.actor);
    if (!record.key.empty()) out.field("key", record.key);
    put_hex(out, "fingerprint", record.fingerprint);
    out.field("body", record.body);
    put_hex(out, "sealed", record.sealed);
    put_hex(out, "subject_key", subject_key);
    out.field("hash", foundation::hex(foundation::bytes_of(record.hash))).end_object();
    return std::move(out).finish();
}

/// Counts lines, and covers each together with all before it.
class Tally {
  public:
    void add(std::string_view line) {
        std::string covered(foundation::bytes_of(digest_));
        digest_ = foundation::sha256(covered += line);
    }
    void add(const EventRecord& record) {
        ++sum_.events;
        if (record.seq == 1) ++sum_.streams;
    }
    Exported sum() const {
        Exported sum = sum_;
        sum.digest = foundation::hex(foundation::bytes_of(digest_));
        return sum;
    }
    std::string end_line() const {
        const Exported all = sum();
        JsonWriter out;
        out.begin_object().key("end").begin_object();
        out.field("events", all.events).field("streams", all.streams).field("digest", all.digest);
        out.end_object().end_object();
        return std::move(out).finish();
    }

  private:
    Exported sum_;
    Digest digest_{};
};

/// One line as the fields it should have. What it says wrongly comes out as another line, which its caller compares.
class Fields {
  public:
    explicit Fields(JsonValue object) : object_(object) {}

    std::string text(std::string_view name) const {
        const auto found = object_.find(name);
        return found && found->kind() == JsonKind::string ? std::string(found->string()) : std::string();
    }
    std::int64_t number(std::string_view name) const {
        const auto found = object_.find(name);
        return found && found->kind() == JsonKind::number ? found->integer().value_or(0) : 0;
    }
    std::string bytes(std::string_view name) const { return foundation::from_hex(text(name)).value_or(""); }
    foundation::Instant instant(std::string_view name) const {
        return foundation::Instant(std::chrono::microseconds(number(name)));
    }

  private:
    JsonValue object_;
};

struct Line {
    EventRecord record;
    std::string subject_key;
};

Line line_in(const Fields& fields) {
    Line line;
    EventRecord& record = line.record;
    const std::int64_t bucket = fields.number("bucket"), version = fields.number("schema_version");
    record.stream = {.bucket = static_cast<foundation::Bucket>(bucket & (foundation::bucket_count - 1)),
                     .name = fields.text("stream")};
    record.position = fields.number("position");
    record.seq = fields.number("seq");
    record.type = fields.text("type");
    record.schema_version = static_cast<int>(version & std::numeric_limits<int>::max());
    record.recorded_at = fields.instant("recorded_at");
    record.effective_at = fields.instant("effective_at");
    record.value_date = foundation::parse_day(fields.text("value_date")).value_or(foundation::Day{});
    record.actor = fields.text("actor");
    record.key = fields.text("key");
    record.fingerprint = fields.bytes("fingerprint");
    record.body = fields.text("body");
    record.sealed = fields.bytes("sealed");
    record.hash = foundation::digest_of(fields.bytes("hash")).value_or(Digest{});
    line.subject_key = fields.bytes("subject_key");
    return line;
}

/// One import under way.
class Import {
  public:
    Import(std::istream& lines, EventStore& store, const std::function<void(std::int64_t)>& progress)
        : lines_(lines), store_(store), progress_(progress) {}

    Exported run() {
        if (!next() || line_ != head) refuse("is not the beginning of an export that this Saldo can read");
        tally_.add(line_);
        take_secrets();
        take_events();
        if (line_ != tally_.end_line())
            refuse("is not the end that belongs to the lines before it: something was changed, or is missing");
        if (next()) refuse("stands behind the end");
        return tally_.sum();
    }

  private:
    bool next() {
        ++number_;
        if (!std::getline(lines_, line_)) return false;
        if (lines_.eof()) refuse("has no end: the export was cut off");
        return true;
    }
    [[noreturn]] void refuse(const std::string& what) const {
        throw ExportUnreadable("Line " + std::to_string(number_) + " of the export " + what + ".");
    }
    foundation::Outcome<JsonDocument, foundation::JsonFault> parsed() const {
        auto document = JsonDocument::parse(line_);
        if (!document || document->root().kind() != JsonKind::object) refuse("is no JSON object");
        return document;
    }

    void take_secrets() {
        for (;;) {
            if (!next()) refuse("is missing: the export was cut off");
            const auto document = parsed();
            const Fields fields(document->root());
            if (!document->root().find("secret")) return;
            const std::string name = fields.text("secret"), wrapped = fields.bytes("wrapped");
            if (line_of_secret(name, wrapped) != line_) refuse("is not as an export writes it");
            store_.put_secret(name, wrapped);
            tally_.add(line_);
        }
    }

    void take_events() {
        const auto writer = store_.writer();
        writer->begin();
        for (int in_batch = 0;;) {
            const auto document = parsed();
            if (document->root().find("end")) break;
            take(*writer, line_in(Fields(document->root())));
            if (++in_batch == events_per_commit) {
                writer->commit();
                if (progress_) progress_(tally_.sum().events);
                writer->begin();
                in_batch = 0;
            }
            if (!next()) refuse("is missing: the export was cut off");
        }
        writer->commit();
    }

    void take(LogWriter& writer, const Line& line) {
        const EventRecord& record = line.record;
        if (line_of(record, line.subject_key) != line_) refuse("is not as an export writes it");
        if (record.seq < 1 || (!line.subject_key.empty() && record.seq != 1)) refuse("does not begin its stream");
        if (record.recorded_at < writer.last_recorded_at()) refuse("was recorded before the line in front of it");
        Append append{.stream = record.stream, .expected_version = record.seq - 1, .events = {record}};
        if (!line.subject_key.empty()) append.new_wrapped_key = line.subject_key;
        if (!writer.append(append)) refuse("does not follow the events of its stream");
        const EventRecord& stored = append.events.front();
        if (stored.position != record.position) refuse("does not follow the events of its bucket");
        if (stored.hash != record.hash) refuse("has another hash than its content and the event before it give");
        tally_.add(line_);
        tally_.add(record);
    }

    std::istream& lines_;
    EventStore& store_;
    const std::function<void(std::int64_t)>& progress_;
    std::string line_;
    std::int64_t number_ = 0;
    Tally tally_;
};

}  // namespace

Exported export_log(LogReader& log, EventStore& store, const std::function<void(std::string_view)>& write,
                    const std::function<void(std::int64_t done, std::int64_t total)>& progress) {
    Tally tally;
    const std::int64_t total = log.count();
    const auto put = [&](const std::string& line) {
        tally.add(line);
        write(line + '\n');
    };
    put(std::string(head));
    for (const std::string& name : store.secret_names("")) put(line_of_secret(name, store.secret(name).value_or("")));
    for (LogCursor at;;) {
        const LogReader::Page page = log.read_after(at, page_size);
        if (page.events.empty()) break;
        for (std::size_t i = 0; i < page.events.size(); ++i) {
            put(line_of(page.events[i], page.wrapped_keys[i]));
            tally.add(page.events[i]);
        }
        at = page.next;
        if (progress) progress(tally.sum().events, total);
    }
    write(tally.end_line() + '\n');
    return tally.sum();
}

Exported import_log(std::istream& lines, EventStore& store, const std::function<void(std::int64_t events)>& progress) {
    return Import(lines, store, progress).run();
}

}  // namespace saldo::service
