#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace saldo::service {

/// What opens a session to a buyer: an HMAC of the session's id under the store's id_secret, one for each purpose.
/// Nothing of it is stored, nobody who has not the secret can make one up, and the id alone opens nothing.
class SessionTokens {
  public:
    enum class Purpose { landing, cookie, form };

    explicit SessionTokens(std::string id_secret) : id_secret_(std::move(id_secret)) {}

    /// 64 hexadecimal digits: the session, and the proof.
    std::string token(Purpose purpose, std::string_view session_id) const;
    /// The id of the session that the token opens for this purpose; nothing for a token that we have not made.
    std::optional<std::string> session_of(Purpose purpose, std::string_view token) const;

  private:
    std::string id_secret_;
};

}  // namespace saldo::service
