#include "ledger/event.hpp"

#include <array>
#include <type_traits>
#include <utility>

namespace saldo::ledger {

namespace {

constexpr std::array fee_names{
    std::pair{FeeType::pay_later_fee, std::string_view("PAY_LATER_FEE")},
    std::pair{FeeType::service_charge, std::string_view("SERVICE_CHARGE")},
    std::pair{FeeType::dunning_fee, std::string_view("DUNNING_FEE")},
    std::pair{FeeType::return_debit_note_fee, std::string_view("RETURN_DEBIT_NOTE_FEE")},
    std::pair{FeeType::interest, std::string_view("INTEREST")},
    std::pair{FeeType::pay_later_withdrawn, std::string_view("PAY_LATER_WITHDRAWN")},
    std::pair{FeeType::service_charge_return, std::string_view("SERVICE_CHARGE_RETURN")},
    std::pair{FeeType::dunning_fee_return, std::string_view("DUNNING_FEE_RETURN")},
    std::pair{FeeType::return_debit_note_fee_return, std::string_view("RETURN_DEBIT_NOTE_FEE_RETURN")},
};

constexpr std::array level_names{
    std::pair{DunningLevel::no_dunning, std::string_view("NO_DUNNING")},
    std::pair{DunningLevel::payment_reminder, std::string_view("PAYMENT_REMINDER")},
    std::pair{DunningLevel::first_dunning, std::string_view("FIRST_DUNNING")},
    std::pair{DunningLevel::last_dunning, std::string_view("LAST_DUNNING")},
    std::pair{DunningLevel::collection, std::string_view("COLLECTION")},
    std::pair{DunningLevel::collection_finished, std::string_view("COLLECTION_FINISHED")},
};

template <class Names, class Enum>
std::string_view name_in(const Names& names, Enum wanted) {
    for (const auto& [value, name] : names)
        if (value == wanted) return name;
    std::unreachable();
}

template <class Names>
auto value_in(const Names& names, std::string_view wanted) -> std::optional<typename Names::value_type::first_type> {
    for (const auto& [value, name] : names)
        if (name == wanted) return value;
    return std::nullopt;
}

}  // namespace

std::optional<foundation::Money> Authorisation::claim_on_acceptance() const {
    if (payment_method.option != terms::PaymentOption::prepayment) return std::nullopt;
    return gross();
}

foundation::Money Authorisation::gross() const {
    foundation::Money sum = foundation::Money::zero(currency);
    for (const Basket& basket : baskets) sum += basket.gross;
    return sum;
}

std::string_view name_of(SettlementType type) {
    return type == SettlementType::debit ? "DEBIT" : "CREDIT";
}

std::string_view name_of(FeeType type) {
    return name_in(fee_names, type);
}

std::string_view name_of(DunningLevel level) {
    return name_in(level_names, level);
}

std::optional<SettlementType> settlement_type(std::string_view name) {
    if (name == "DEBIT") return SettlementType::debit;
    if (name == "CREDIT") return SettlementType::credit;
    return std::nullopt;
}

std::optional<FeeType> fee_type(std::string_view name) {
    return value_in(fee_names, name);
}

std::optional<DunningLevel> dunning_level(std::string_view name) {
    return value_in(level_names, name);
}

std::optional<FeeType> fee_given_back_by(FeeType type) {
    switch (type) {
        case FeeType::pay_later_withdrawn:
            return FeeType::pay_later_fee;
        case FeeType::service_charge_return:
            return FeeType::service_charge;
        case FeeType::dunning_fee_return:
            return FeeType::dunning_fee;
        case FeeType::return_debit_note_fee_return:
            return FeeType::return_debit_note_fee;
        case FeeType::pay_later_fee:
        case FeeType::service_charge:
        case FeeType::dunning_fee:
        case FeeType::return_debit_note_fee:
        case FeeType::interest:
            return std::nullopt;
    }
    std::unreachable();
}

namespace {

using Claim = std::optional<foundation::Money>;

template <class What>
Claim claim_in(const What& what) {
    if constexpr (std::is_same_v<What, Captured>)
        return what.claim.value_or(what.operation.gross);
    else if constexpr (std::is_same_v<What, Refunded>)
        return -what.operation.gross;
    else if constexpr (requires { what.claim; })
        return what.claim;
    else
        return std::nullopt;
}

template <class Variant>
Claim claim_in_any(const Variant& event) {
    const Claim claim = std::visit([](const auto& what) { return claim_in(what); }, event);
    return claim && !claim->is_zero() ? claim : std::nullopt;
}

}  // namespace

Claim claim_of(const Event& event) {
    return claim_in_any(event);
}
Claim claim_of(const BasketEvent& event) {
    return claim_in_any(event);
}

std::optional<foundation::Money> cost_change_of(const Event& event) {
    std::optional<foundation::Money> change;
    if (const auto* made = std::get_if<PlanMade>(&event)) change = made->interest + made->service_charge;
    if (const auto* ended = std::get_if<PlanEnded>(&event)) change = ended->interest + ended->service_charge;
    return change && !change->is_zero() ? change : std::nullopt;
}

bool belongs_to_the_event_before(std::string_view type) {
    return type == "PlanMade" || type == "PlanEnded";
}

std::optional<SettlementBooked> settlement_of(const Event& event) {
    if (const auto* settlement = std::get_if<SettlementBooked>(&event)) return *settlement;
    const auto moved = [](const std::string& id, SettlementType type, foundation::Money amount) {
        return SettlementBooked{.id = id, .type = type, .amount = amount, .reference = {}, .comment = {}};
    };
    if (const auto* executed = std::get_if<DirectDebitExecuted>(&event))
        return moved(executed->id, SettlementType::debit, executed->amount);
    if (const auto* returned = std::get_if<DirectDebitReturned>(&event); returned && returned->amount)
        return moved(returned->id, SettlementType::credit, *returned->amount);
    return std::nullopt;
}

std::optional<FeeBooked> fee_of(const Event& event) {
    if (const auto* fee = std::get_if<FeeBooked>(&event)) return *fee;
    if (const auto* booked = std::get_if<PayLaterBooked>(&event))
        return FeeBooked{.id = booked->id, .type = FeeType::pay_later_fee, .gross = booked->fee, .comment = {}};
    if (const auto* returned = std::get_if<DirectDebitReturned>(&event); returned && returned->fee)
        return FeeBooked{
            .id = returned->id, .type = FeeType::return_debit_note_fee, .gross = *returned->fee, .comment = {}};
    if (const auto* withdrawn = std::get_if<PayLaterWithdrawn>(&event))
        return FeeBooked{.id = withdrawn->id,
                         .type = FeeType::pay_later_withdrawn,
                         .gross = withdrawn->fee,
                         .comment = withdrawn->comment};
    return std::nullopt;
}

std::string_view type_of(const Event& event) {
    struct Name {
        std::string_view operator()(const Authorised&) const { return "Authorised"; }
        std::string_view operator()(const Declined&) const { return "Declined"; }
        std::string_view operator()(const AuthorisationIncreased&) const { return "AuthorisationIncreased"; }
        std::string_view operator()(const Captured&) const { return "Captured"; }
        std::string_view operator()(const Cancelled&) const { return "Cancelled"; }
        std::string_view operator()(const Refunded&) const { return "Refunded"; }
        std::string_view operator()(const Expired&) const { return "Expired"; }
        std::string_view operator()(const ExpiryChanged&) const { return "ExpiryChanged"; }
        std::string_view operator()(const ShippingInformationAdded&) const { return "ShippingInformationAdded"; }
        std::string_view operator()(const SettlementBooked&) const { return "SettlementBooked"; }
        std::string_view operator()(const FeeBooked&) const { return "FeeBooked"; }
        std::string_view operator()(const DunningLevelSet&) const { return "DunningLevelSet"; }
        std::string_view operator()(const DunningBlocked&) const { return "DunningBlocked"; }
        std::string_view operator()(const DunningUnblocked&) const { return "DunningUnblocked"; }
        std::string_view operator()(const Refused&) const { return "Refused"; }
        std::string_view operator()(const SubjectErased&) const { return "SubjectErased"; }
        std::string_view operator()(const CodeRequired&) const { return "CodeRequired"; }
        std::string_view operator()(const CodeSent&) const { return "CodeSent"; }
        std::string_view operator()(const CodeMissed&) const { return "CodeMissed"; }
        std::string_view operator()(const CodeConfirmed&) const { return "CodeConfirmed"; }
        std::string_view operator()(const CodeGivenUp&) const { return "CodeGivenUp"; }
        std::string_view operator()(const ReservationEnded&) const { return "ReservationEnded"; }
        std::string_view operator()(const PlanMade&) const { return "PlanMade"; }
        std::string_view operator()(const PlanEnded&) const { return "PlanEnded"; }
        std::string_view operator()(const CreditWithdrawn&) const { return "CreditWithdrawn"; }
        std::string_view operator()(const DirectDebitSubmitted&) const { return "DirectDebitSubmitted"; }
        std::string_view operator()(const DirectDebitExecuted&) const { return "DirectDebitExecuted"; }
        std::string_view operator()(const DirectDebitReturned&) const { return "DirectDebitReturned"; }
        std::string_view operator()(const PayLaterBooked&) const { return "PayLaterBooked"; }
        std::string_view operator()(const PayLaterWithdrawn&) const { return "PayLaterWithdrawn"; }
    };
    return std::visit(Name{}, event);
}

}  // namespace saldo::ledger
