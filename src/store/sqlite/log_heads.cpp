#include "store/sqlite/log_heads.hpp"

#include "service/event_store.hpp"

namespace saldo::store::sqlite {

namespace {

constexpr std::size_t entry_size = 2 + 8 + 32;

void put(std::string& out, std::uint64_t number, int octets) {
    for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xFF);
}

std::uint64_t take(std::string_view& bytes, std::size_t octets) {
    std::uint64_t number = 0;
    for (const char octet : bytes.substr(0, octets)) number = number << 8 | static_cast<unsigned char>(octet);
    bytes.remove_prefix(octets);
    return number;
}

}  // namespace

std::string packed(const Heads& heads) {
    std::string bytes;
    for (std::size_t bucket = 0; bucket < heads.size(); ++bucket) {
        const Head& head = heads[bucket];
        if (head.position == 0) continue;
        put(bytes, bucket, 2);
        put(bytes, static_cast<std::uint64_t>(head.position), 8);
        bytes += foundation::bytes_of(head.hash);
    }
    return bytes;
}

Heads unpacked(std::string_view bytes) {
    Heads heads(foundation::bucket_count);
    if (bytes.size() % entry_size != 0) throw service::StoreDamaged("The saved chain heads are damaged.");
    while (!bytes.empty()) {
        const std::uint64_t bucket = take(bytes, 2);
        if (bucket >= heads.size()) throw service::StoreDamaged("The saved chain heads are damaged.");
        Head& head = heads[bucket];
        head.position = static_cast<std::int64_t>(take(bytes, 8));
        head.hash = *foundation::digest_of(bytes.substr(0, 32));
        bytes.remove_prefix(32);
    }
    return heads;
}

}  // namespace saldo::store::sqlite
