#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/decimal.hpp"
#include "foundation/money.hpp"
#include "terms/instalment_offer.hpp"
#include "terms/payment_method.hpp"
#include "web/details_form.hpp"
#include "web/language.hpp"

namespace saldo::web {

/// Until when the page is open, unless the buyer does something.
struct OpenUntil {
    foundation::Instant closes_at;
    foundation::Instant now;
    foundation::Zone zone = foundation::Zone::utc();  ///< in which the time is told
};

/// What the sandbox's bar may do from here.
struct SandboxBar {
    bool approve = false, ask_for_code = false, wrong_code = false, expire = false, flag_fraud = false;
    bool phone = false;
    std::vector<std::string> declines = {};  ///< reasons to choose from
};

/// Something that happened on the way here and is said on top.
enum class Notice : std::uint8_t { none, busy, changed_elsewhere };

/// What every screen has around it.
struct Frame {
    Language language = Language::english;
    std::string shop_name;
    std::string logo_path = {};    ///< on this server; empty: the name stands there
    std::string accent_path = {};  ///< on this server; empty: our colour
    std::string base;              ///< the session's own path: every form and link begins with it
    std::string csrf;
    std::optional<foundation::Money> amount;
    std::optional<OpenUntil> open;  ///< as long as the session lives
    Notice notice = Notice::none;
    std::optional<SandboxBar> sandbox;
    bool has_return = false;  ///< the shop gave an address to come back to
};

/// `invoice`, `debit`, `prepayment`, `instalments`, `instalments_debit`: how a way to pay is called in the names of
/// texts.
std::string_view form_name_of(terms::PaymentMethod method);

/// What a form says that the buyer chose.
struct FormChoice {
    terms::PaymentMethod method;
    std::optional<int> instalments = {};
    bool operator==(const FormChoice&) const = default;
};
/// `invoice`, `instalments-6`: a choice in a form, both ways.
std::string form_value_of(const FormChoice& choice);
std::optional<FormChoice> choice_of_form(std::string_view value);

/// A way to pay and what it means for the buyer.
struct Choice {
    terms::PaymentMethod method;
    int due_days = 14;
    foundation::Day due_if_shipped_today;             ///< of a prepayment: the last day for paying it
    foundation::Money cost;                           ///< beside the goods
    std::optional<terms::InstalmentOffer> plan = {};  ///< where it is repaid by instalments

    FormChoice form_choice() const { return {method, plan ? std::optional(plan->plan.number_agreed) : std::nullopt}; }
};

struct MethodView {
    std::vector<Choice> choices;
    std::optional<FormChoice> chosen;
    bool none_was_chosen = false;  ///< the form came without an answer
};

/// What the buyer allows who collects by direct debit.
struct Mandate {
    std::string creditor;
    std::string creditor_id = {};  ///< empty: not agreed yet
    std::string reference = {};    ///< empty: told with the announcement
    int notice_days = 1;
};

struct DetailsView {
    AskedDetails asked;
    Typed typed;
    std::vector<std::string> faults;  ///< as `faults_of` names them
    Mandate mandate;
};

/// What Directive (EU) 2023/2225 wants said before the buyer agrees.
struct CreditFacts {
    std::string creditor;  ///< name and address
    foundation::Decimal rate, effective_rate;
    std::optional<terms::LatePayment> late_payment = {};
    bool can_withdraw = false;
};

struct ConfirmView {
    Choice choice;
    foundation::Money goods, total;
    std::vector<std::string> bill_to;  ///< lines; empty: not shown
    std::string masked_account = {};
    std::optional<CreditFacts> credit = {};
    std::string terms_url = {}, privacy_url = {};
    std::string seen = {};  ///< the hash of this very screen, which comes back with the order
};

struct CodeView {
    std::string masked_phone;
    std::string valid_until;  ///< the time of day
    enum class Fault : std::uint8_t { none, malformed, wrong, expired } fault = Fault::none;
    int tries_left = 0;
    bool was_sent_again = false;
    bool can_send_again = true;
    int seconds_to_wait = 0;  ///< until a new one may be asked for
    std::string again_from = {};
    bool can_change_number = false;
};

struct ResultView {
    Choice choice;
    /// Where the buyer transfers to; nothing for a direct debit, or where nobody has agreed an account.
    struct Account {
        std::string owner, iban, bic, bank_name;
    };
    std::optional<Account> account;
    std::string reference;
    std::string masked_account = {};                     ///< from which a direct debit is collected
    bool stays = false;                                  ///< the buyer does not want to be taken back
    std::optional<foundation::Day> withdraw_until = {};  ///< as long as the buyer may withdraw
};

/// The second of the two steps of withdrawing: what it means, and the button.
struct WithdrawView {
    Choice choice;
    bool owes_interest = false;  ///< that has run up to today
    std::string reference;
    foundation::Day until;
};

/// The buyer has withdrawn: what was declared, when, and what follows.
struct WithdrawnView {
    Choice choice;
    bool owes_interest = false;  ///< that has run up to the withdrawal
    std::string reference;
    foundation::Day on;
    std::string at;  ///< the time of day
    foundation::Day due_date;
    foundation::Money open;
    std::optional<ResultView::Account> account = {};
};

/// What a decline is about that the buyer can put right.
enum class DeclinedFor : std::uint8_t {
    identity,  ///< name, address and birth date together
    name,
    billing_address,
    delivery_address,
    date_of_birth,
    phone,
    bank_account,
    method
};
struct DeclinedView {
    std::vector<DeclinedFor> reasons;
    bool can_correct = false;
    bool can_choose_another_method = false;
};

/// Screens on which nothing is left to do but to go back.
enum class Ending : std::uint8_t { declined, code_used_up, expired, cancelled, passed_on, lost, forged, unavailable };
struct EndingView {
    Ending ending;
};

using Content = std::variant<MethodView, DetailsView, ConfirmView, CodeView, ResultView, DeclinedView, EndingView,
                             WithdrawView, WithdrawnView>;

/// All that a screen shows: the same view gives the same bytes.
struct PageView {
    Frame frame;
    Content content;
};

/// A text message as the sandbox's phone shows it.
struct PhoneMessage {
    std::string to, at, text;
};

}  // namespace saldo::web
