#include "service/event_record.hpp"

#include <array>
#include <cstddef>

namespace saldo::service {

namespace {

void put(std::string& out, std::int64_t number) {
    std::array<char, 8> octets{};
    for (std::size_t i = 0; i < octets.size(); ++i)
        octets[i] = static_cast<char>(static_cast<std::uint64_t>(number) >> (56 - 8 * i) & 0xFF);
    out.append(octets.data(), octets.size());
}

void put(std::string& out, std::string_view text) {
    put(out, static_cast<std::int64_t>(text.size()));
    out += text;
}

}  // namespace

foundation::Digest chained(const foundation::Digest& previous, const EventRecord& record) {
    thread_local std::string bytes;  // room that is used again
    bytes.clear();
    bytes += foundation::bytes_of(previous);
    put(bytes, record.stream.bucket);
    put(bytes, record.position);
    put(bytes, record.stream.name);
    put(bytes, record.seq);
    put(bytes, record.type);
    put(bytes, record.schema_version);
    put(bytes, record.recorded_at.time_since_epoch().count());
    put(bytes, record.effective_at.time_since_epoch().count());
    put(bytes, record.value_date.time_since_epoch().count());
    put(bytes, record.actor);
    put(bytes, record.key);
    put(bytes, record.fingerprint);
    bytes += foundation::bytes_of(foundation::sha256(record.body));
    bytes += foundation::bytes_of(foundation::sha256(record.sealed));
    return foundation::sha256(bytes);
}

}  // namespace saldo::service
