#include "service/sandbox_risk.hpp"

#include <gtest/gtest.h>

namespace saldo::service {

namespace {

using ledger::RiskVerdict;

TEST(SandboxRisk, declines_each_test_address_in_its_category) {
    EXPECT_EQ(risk_verdict_of_test_email("buyer_identity@ratepay.com"), RiskVerdict::buyer_identity);
    EXPECT_EQ(risk_verdict_of_test_email("payment_attribute@ratepay.com"), RiskVerdict::payment_attribute);
    EXPECT_EQ(risk_verdict_of_test_email("risk_decision@ratepay.com"), RiskVerdict::risk_decision);
    EXPECT_EQ(risk_verdict_of_test_email("transaction_risk@ratepay.com"), RiskVerdict::transaction_risk);
    EXPECT_EQ(risk_verdict_of_test_email("otp_required@ratepay.com"), RiskVerdict::one_time_code_required);
}

TEST(SandboxRisk, does_not_care_for_upper_and_lower_case) {
    EXPECT_EQ(risk_verdict_of_test_email("Risk_Decision@Ratepay.COM"), RiskVerdict::risk_decision);
}

TEST(SandboxRisk, accepts_everybody_else) {
    EXPECT_EQ(risk_verdict_of_test_email(""), RiskVerdict::accepted);
    EXPECT_EQ(risk_verdict_of_test_email("erika@example.com"), RiskVerdict::accepted);
    EXPECT_EQ(risk_verdict_of_test_email("risk_decision@ratepay.com.example.com"), RiskVerdict::accepted);
    EXPECT_EQ(risk_verdict_of_test_email("xrisk_decision@ratepay.com"), RiskVerdict::accepted);
}

}  // namespace

}  // namespace saldo::service
