#include "service/previous_hashes.hpp"

#include <unordered_map>

#include "foundation/outcome.hpp"

namespace saldo::service {

std::vector<foundation::Digest> previous_hashes(LogReader& reader, const std::vector<EventRecord>& events) {
    if (events.empty()) return {};
    const foundation::Bucket bucket = events.front().stream.bucket;
    std::unordered_map<std::int64_t, foundation::Digest> by_position;
    for (const std::string& name : reader.streams(bucket, ""))
        for (const EventRecord& record : reader.read({bucket, name}).events) by_position[record.position] = record.hash;

    std::vector<foundation::Digest> hashes;
    for (const EventRecord& record : events) {
        foundation::ensure(record.stream.bucket == bucket, "events of several buckets have no common chain");
        const auto found = by_position.find(record.position - 1);
        foundation::ensure(record.position == 1 || found != by_position.end(), "a bucket's chain has a gap");
        hashes.push_back(record.position == 1 ? foundation::Digest{} : found->second);
    }
    return hashes;
}

}  // namespace saldo::service
