#include "service/chain_check.hpp"

namespace saldo::service {

std::optional<std::string> ChainCheck::follow(const EventRecord& record) {
    if (record.stream.bucket >= foundation::bucket_count) return "lies in a bucket that does not exist.";
    End& end = ends_[record.stream.bucket];
    if (record.position != end.position + 1)
        return "does not follow position " + std::to_string(end.position) +
               " of its bucket: events are missing or moved.";
    if (record.hash != chained(end.hash, record))
        return "has another hash than its content and the event before it give: one of them was changed.";
    if (record.recorded_at < newest_)
        return "was recorded at " + foundation::utc_text(record.recorded_at) +
               ", before the event in front of it in the log.";
    end = {.position = record.position, .hash = record.hash};
    newest_ = record.recorded_at;
    return std::nullopt;
}

}  // namespace saldo::service
