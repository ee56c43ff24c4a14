#pragma once

#include <string>

namespace saldo::service {

/// A text message to a buyer's phone.
struct TextMessage {
    std::string partner_id;  ///< whose buyer it is
    std::string to;          ///< in international form, `+491711234567`, where it could be told; else as it was given
    std::string text;
};

/// What carries text messages. It takes them and returns at once; whether they arrive only the buyer knows.
class Messenger {
  public:
    virtual ~Messenger() = default;
    /// May be called from any thread. Does not throw.
    virtual void send(TextMessage message) = 0;
};

}  // namespace saldo::service
