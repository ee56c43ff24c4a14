#include "service/sandbox_risk.hpp"

#include <algorithm>
#include <array>

namespace saldo::service {

using ledger::RiskVerdict;

namespace {

struct TestAddress {
    std::string_view email;
    RiskVerdict verdict;
};

constexpr std::array test_addresses{
    TestAddress{"buyer_identity@ratepay.com", RiskVerdict::buyer_identity},
    TestAddress{"payment_attribute@ratepay.com", RiskVerdict::payment_attribute},
    TestAddress{"risk_decision@ratepay.com", RiskVerdict::risk_decision},
    TestAddress{"transaction_risk@ratepay.com", RiskVerdict::transaction_risk},
    TestAddress{"otp_required@ratepay.com", RiskVerdict::one_time_code_required},
};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

RiskVerdict risk_verdict_of_test_email(std::string_view email) {
    for (const TestAddress& one : test_addresses)
        if (std::ranges::equal(email, one.email, {}, lower)) return one.verdict;
    return RiskVerdict::accepted;
}

}  // namespace saldo::service
