#pragma once

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "foundation/outcome.hpp"
#include "partner/decide.hpp"
#include "partner/partner.hpp"
#include "service/clock.hpp"
#include "service/event_store.hpp"
#include "service/lane.hpp"
#include "service/random.hpp"
#include "terms/country_law.hpp"

namespace saldo::service {

/// A partner's stream cannot be read: it is damaged, or written by a newer Saldo.
class PartnerUnreadable : public StoreFailed {
    using StoreFailed::StoreFailed;
};

StreamName stream_of_partner(std::string_view partner_id);
/// The partner as its stream tells; an unknown one does not exist(). Throws PartnerUnreadable.
partner::Partner partner_of(std::string_view partner_id, const std::vector<EventRecord>& events);

/// Every partner and every client at one moment. It never changes, so any number of threads may read it.
class PartnerDirectory {
  public:
    struct ClientEntry {
        const partner::Partner* partner;  ///< the operator's house for a client that sees every partner
        const partner::Client* client;
    };

    explicit PartnerDirectory(std::vector<partner::Partner> partners = {});
    /// Folds every partner's stream. Throws PartnerUnreadable.
    static PartnerDirectory read(LogReader& reader);

    /// Nothing for an unknown id, and for the operator's house, which is no partner.
    const partner::Partner* partner(std::string_view id) const;
    const partner::Partner& operator_house() const { return everybody_.front(); }
    /// Revoked ones too.
    const ClientEntry* client(std::string_view client_id) const;
    /// Sorted by name, then by id.
    std::span<const partner::Partner> partners() const { return std::span(everybody_).subspan(1); }
    std::span<const partner::Partner> everybody() const { return everybody_; }

    /// The same with one partner in its newest state.
    PartnerDirectory with(partner::Partner changed) const;

    PartnerDirectory(PartnerDirectory&&) = default;
    PartnerDirectory& operator=(PartnerDirectory&&) = default;

  private:
    std::vector<partner::Partner> everybody_;  ///< the operator's house first
    // Keys and values lie in `everybody_`, whose elements stay where they are when the directory is moved.
    std::unordered_map<std::string_view, const partner::Partner*> by_id_;
    std::unordered_map<std::string_view, ClientEntry> by_client_;
};

/// A client that was just made. The secret is said here and nowhere else.
struct NewClient {
    std::string client_id;
    std::string secret;
};

/// The partners of a running program: looked up from every thread, changed by commands one after another.
class Partners {
  public:
    /// Makes one append durable, recorded no earlier than the newest event of the log. False, and nothing done, when
    /// the stream has grown meanwhile.
    using Commit = std::function<bool(Append)>;

    Partners(std::unique_ptr<LogReader> reader, Commit commit, Clock& clock, Random& random,
             terms::CountryLaws laws = terms::usual_laws());

    /// Everybody as of now, contracts as far as the law lets them (`terms::under_law`). Keep it for the length of one
    /// request, so that it sees one state.
    std::shared_ptr<const PartnerDirectory> directory() const;

    template <class Value>
    using Outcome = foundation::Outcome<Value, partner::Refusal>;

    /// The new partner's id. `actor` is who asks, by an opaque id.
    Outcome<std::string> add(const partner::AddPartner& command, std::string_view actor);
    Outcome<partner::Partner> change(std::string_view partner_id, const partner::AddShop& command,
                                     std::string_view actor);
    Outcome<partner::Partner> change(std::string_view partner_id, const partner::RenameShop& command,
                                     std::string_view actor);
    Outcome<partner::Partner> change(std::string_view partner_id, const partner::AgreeContract& command,
                                     std::string_view actor);
    Outcome<partner::Partner> change(std::string_view partner_id, const partner::SetWebhookReach& command,
                                     std::string_view actor);
    /// `partner_id` may be `partner::every_partner`.
    Outcome<NewClient> add_client(std::string_view partner_id, partner::ClientKind kind,
                                  const std::vector<partner::Scope>& scopes, std::string_view actor);
    Outcome<partner::Partner> revoke_client(std::string_view client_id, std::string_view actor);

  private:
    template <class Command>
    Outcome<partner::Partner> carry_out(std::string_view partner_id, const Command& command, std::string_view actor);
    void publish(partner::Partner changed);
    partner::Partner under_law(partner::Partner partner) const;
    std::string new_id();

    std::mutex changes_;  ///< one command at a time
    std::unique_ptr<LogReader> reader_;
    Commit commit_;
    Clock& clock_;
    Random& random_;
    terms::CountryLaws laws_;

    // A mutex around a copied pointer: std::atomic<std::shared_ptr> of g++ 12 is a spin lock that ThreadSanitizer
    // rightly reports as a race.
    mutable std::mutex directory_guard_;
    std::shared_ptr<const PartnerDirectory> directory_;
};

/// The append with no event recorded before `instant`.
Append recorded_from(Append append, foundation::Instant instant);

/// Commits through the lane that owns the store's writes; waits for it. The lane outlives it, and its fold takes the
/// streams of partners, though it need not understand them.
template <class State>
Partners::Commit committing_through(Lane<State>& lane) {
    return [&lane](Append append) {
        // Shared, since the lane's thread may still be in set_value when this one has its answer.
        const auto appended = std::make_shared<std::promise<bool>>();
        auto answer = appended->get_future();
        const bool accepted = lane.submit({
            .stream = append.stream,
            .loading = Loading::from_log,
            .decide =
                [&](const State&, const LaneContext& context) {
                    const bool fits = context.version == append.expected_version;
                    Step<State> step;
                    if (fits) step.append = recorded_from(append, context.now);
                    step.completed = [appended, fits](std::shared_ptr<const State>, std::span<const EventRecord>) {
                        appended->set_value(fits);
                    };
                    return step;
                },
            .failed = [appended](std::exception_ptr failure) { appended->set_exception(std::move(failure)); },
        });
        if (!accepted) throw StoreFailed("Too much is waiting to be written; try again in a moment.");
        return answer.get();
    };
}

}  // namespace saldo::service
