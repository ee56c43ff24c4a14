#include "service/session_tokens.hpp"

#include <array>

#include "foundation/digest.hpp"
#include "foundation/id.hpp"

namespace saldo::service {

namespace {

constexpr std::size_t id_digits = 32;
constexpr std::size_t proof_digits = 32;  // 128 bits

std::string_view name_of(SessionTokens::Purpose purpose) {
    constexpr std::array<std::string_view, 3> names{"landing", "cookie", "form"};
    return names.at(static_cast<std::size_t>(purpose));
}

}  // namespace

std::string SessionTokens::token(Purpose purpose, std::string_view session_id) const {
    std::string place = "session/";
    place += name_of(purpose);
    place += '/';
    place += session_id;
    std::string text;
    for (const char c : session_id)
        if (c != '-') text += c;
    const auto proof = foundation::hmac_sha256(id_secret_, place);
    return text + foundation::hex(foundation::bytes_of(proof)).substr(0, proof_digits);
}

std::optional<std::string> SessionTokens::session_of(Purpose purpose, std::string_view text) const {
    if (text.size() != id_digits + proof_digits) return std::nullopt;
    std::string id(text.substr(0, id_digits));
    for (const std::size_t at : {std::size_t{8}, std::size_t{13}, std::size_t{18}, std::size_t{23}})
        id.insert(at, 1, '-');
    if (!foundation::is_uuid(id) || !foundation::equal_in_constant_time(token(purpose, id), text)) return std::nullopt;
    return id;
}

}  // namespace saldo::service
