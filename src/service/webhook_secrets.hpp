#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/calendar.hpp"
#include "service/master_key.hpp"
#include "service/random.hpp"

namespace saldo::service {

/// A secret that was just made. It is said here and nowhere else.
struct NewWebhookSecret {
    std::string secret;
    foundation::Instant signs_from;  ///< by the system's clock
};

/// The secrets that sign webhooks, one for each partner, wrapped by the master key like every other. May be used from
/// any thread.
class WebhookSecrets {
  public:
    /// How long the old secret still signs after a new one was made, so that the merchant can teach its receivers both.
    static constexpr std::chrono::hours overlap{24};
    enum class Switch { after_overlap, at_once };

    WebhookSecrets(StoreSecrets& secrets, Random& random) : secrets_(secrets), random_(random) {}

    /// What signs the partner's webhooks at `now`. A partner who was never told one has one too: nothing leaves
    /// unsigned.
    std::string signing_at(const std::string& partner_id, foundation::Instant now);
    /// Makes a new secret. It signs at once when the merchant cannot know another one, or is to use it at once because
    /// the old one got about.
    NewWebhookSecret renew(const std::string& partner_id, foundation::Instant now, Switch when);

  private:
    struct Secret {
        std::string text;
        foundation::Instant signs_from;
        bool was_told = true;
    };
    using Secrets = std::vector<Secret>;  ///< at most two, the older one first

    const Secrets& of(const std::string& partner_id);
    Secret new_secret(foundation::Instant signs_from) const;
    void keep(const std::string& partner_id, Secrets secrets);

    StoreSecrets& secrets_;
    Random& random_;
    std::mutex guard_;
    std::map<std::string, Secrets> known_;
};

}  // namespace saldo::service
