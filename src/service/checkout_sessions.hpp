#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "ledger/verification.hpp"
#include "service/house.hpp"
#include "service/lane.hpp"
#include "service/one_time_codes.hpp"
#include "service/session_tokens.hpp"
#include "service/sessions.hpp"

namespace saldo::service {

/// The use cases of the hosted payment page on the log. A confirmed purchase and its place in the session are one
/// commit: they lie in one bucket.
class CheckoutSessions final : public Sessions {
  public:
    /// Whether a page may say what the risk check would.
    enum class Verdicts { of_the_risk_check, of_the_sandbox };
    explicit CheckoutSessions(House house, Verdicts verdicts = Verdicts::of_the_risk_check)
        : house_(std::move(house)),
          verdicts_(verdicts),
          tokens_(house_.id_secret),
          codes_(house_.random, house_.id_secret, house_.messenger) {}

    void create(Origin origin, RequestedSession wanted, OnMade answer) override;
    void find(Origin origin, std::string session_id, OnSession answer) override;
    void flag_fraud(Origin origin, std::string session_id, checkout::FlagFraud command, OnResult answer) override;
    void open(std::string landing_token, OnSession answer) override;
    /// The session in which a purchase was made or tried; `unknown_session` for one that came another way.
    void find_of_purchase(std::string transaction_id, OnSession answer);
    /// Destroys the key of the buyer's data in a session; done where it is done already.
    void erase(Origin origin, std::string session_id, OnResult answer);
    void resume(std::string cookie, OnSession answer) override;
    std::string cookie_of(std::string_view session_id) const override;
    std::string form_token_of(std::string_view session_id) const override;
    void act(std::string session_id, checkout::Command command, OnResult answer) override;
    void confirm(std::string session_id, checkout::ConsentReceipt receipt,
                 std::optional<ledger::RiskVerdict> sandbox_verdict, OnResult answer) override;
    void enter_code(std::string session_id, std::string code, OnResult answer) override;
    void send_new_code(std::string session_id, OnResult answer) override;

    /// Records what time alone has brought about in a session, and erases what is to be erased; `done` says whether it
    /// could be recorded, and when time will bring about more.
    void record_due(const std::string& session_id,
                    std::move_only_function<void(bool recorded, std::optional<foundation::Instant> next)> done);

  private:
    struct Plan;
    using Decide =
        std::function<foundation::Outcome<Plan, checkout::Refused>(const CheckoutSession&, const LaneContext&)>;
    void carry_out(Origin origin, std::string session_id, Decide decide, OnResult answer);
    template <class Answer, class Result>
    void give(Answer answer, Result result);
    /// What the page shows; in OTP_PENDING the purchase is read too.
    SessionPtr view_of(LogReader& reader, checkout::Session session) const;
    using CodeDecide = std::function<ledger::CodeDecision(const checkout::Session&, const ledger::Transaction&,
                                                          foundation::Instant now)>;
    void send(const checkout::Session& session, const std::string& code);
    void decide_code(std::string session_id, CodeDecide decide, std::string new_code, OnResult answer);

    House house_;
    Verdicts verdicts_;
    SessionTokens tokens_;
    OneTimeCodes codes_;
};

}  // namespace saldo::service
