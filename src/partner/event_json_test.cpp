#include "partner/event_json.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace saldo::partner {

namespace {

const std::filesystem::path golden = std::filesystem::path(SALDO_SOURCE_DIR) / "src/partner/golden";

std::string content_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

terms::Contract small_contract() {
    const auto eur = *foundation::Currency::parse("EUR");
    terms::Contract contract;
    contract.zone = *foundation::Zone::find("Europe/Berlin");
    contract.currencies = {{foundation::Money(1, eur), foundation::Money(250'000, eur)}};
    contract.products = {{{terms::PaymentOption::open_invoice, terms::TransferType::bank_transfer}, 14}};
    contract.buyer_types = {terms::BuyerType::b2c};
    contract.billing_countries = {"AT", "DE"};
    contract.delivery_countries = {"DE"};
    contract.delivery_types = {terms::DeliveryType::regular_address, terms::DeliveryType::pick_up_box};
    contract.deviating_deliveries = {{terms::BuyerType::b2c, terms::DeliveryType::pick_up_box}};
    contract.deposit_account = terms::Contract::DepositAccount{
        .owner = "Saldo GmbH", .iban = "DE44100500001654698497", .bic = "BELADEBEXXX", .bank_name = "A Bank"};
    return contract;
}

/// One event of every type, as golden/ has it in its newest version.
std::vector<Event> one_of_each() {
    return {PartnerAdded{"Fruit House"},
            ShopAdded{"partner-shop-id-1", "fruits and more"},
            ShopRenamed{"partner-shop-id-1", "fruits, nuts and more"},
            ContractAgreed{small_contract()},
            ClientAdded{.client_id = "2T0HZ8R5K6B1QW9XV3NE",
                        .kind = ClientKind::operations,
                        .scopes = {Scope::read, Scope::book},
                        .secret_sha256 = foundation::sha256("a secret")},
            ClientRevoked{"2T0HZ8R5K6B1QW9XV3NE"},
            WebhookReachSet{{.private_addresses = true, .plain_http = false}}};
}

std::filesystem::path golden_of(const EventText& text) {
    return golden / (text.type + "." + std::to_string(text.schema_version) + ".json");
}

TEST(Event, is_written_byte_for_byte_as_its_golden_file) {
    for (const Event& event : one_of_each()) {
        const EventText text = encode(event);
        EXPECT_EQ(text.body, content_of(golden_of(text))) << text.type;
    }
}

TEST(Event, of_every_version_ever_written_is_read) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(golden)) {
        const std::string name = entry.path().stem().string();  // ShopAdded.1
        const std::size_t dot = name.find('.');
        const EventText text{name.substr(0, dot), std::stoi(name.substr(dot + 1)), content_of(entry.path())};
        const auto event = decode(text);
        ASSERT_TRUE(event.has_value()) << name << ": " << text_of(event.error());
        const auto all = one_of_each();
        EXPECT_NE(std::ranges::find(all, *event), all.end()) << name;
        ++files;
    }
    EXPECT_GE(files, one_of_each().size());
}

TEST(Event, of_a_newer_program_is_refused_and_named) {
    const auto newer_version = decode({"PartnerAdded", 2, R"({"name":"x"})"});
    ASSERT_FALSE(newer_version.has_value());
    EXPECT_EQ(text_of(newer_version.error()),
              "$ has schema version 2 of PartnerAdded, which this program does not know");
    const auto newer_type = decode({"PartnerMerged", 1, R"({"name":"x"})"});
    ASSERT_FALSE(newer_type.has_value());
    EXPECT_EQ(text_of(newer_type.error()), "$ is an event of the type PartnerMerged, which this program does not know");
}

TEST(Event, that_is_broken_says_where) {
    const auto broken =
        decode({"ClientAdded", 1, R"({"client_id":7,"kind":"root","scopes":["read","read","fly"],"extra":1})"});
    ASSERT_FALSE(broken.has_value());
    EXPECT_EQ(text_of(broken.error()),
              "$.client_id must be a text\n"
              "$.kind is no kind of client: \"root\"\n"
              "$.scopes[1] is there twice: \"read\"\n"
              "$.scopes[2] is no scope: \"fly\"\n"
              "$.secret_sha256 is missing\n"
              "$.extra is not known here; there are client_id, kind, scopes, secret_sha256");
}

rc::Gen<std::string> texts() {
    return rc::gen::map(rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 0x250)),
                        [](const std::vector<int>& codes) {
                            std::string text;
                            for (const int code : codes) {
                                if (code < 0x80) {
                                    text += static_cast<char>(code);
                                } else {
                                    text += static_cast<char>(0xC0 | code >> 6);
                                    text += static_cast<char>(0x80 | (code & 0x3F));
                                }
                            }
                            return text;
                        });
}

RC_GTEST_PROP(Event, reads_back_as_it_was_written, ()) {
    const std::string id = *texts();
    const std::string name = *texts();
    const Event event = *rc::gen::element<Event>(
        PartnerAdded{name}, ShopAdded{id, name}, ShopAdded{id, std::nullopt}, ShopRenamed{id, name},
        ClientAdded{.client_id = id, .kind = ClientKind::api, .secret_sha256 = foundation::sha256(name)},
        ClientRevoked{id}, WebhookReachSet{{.private_addresses = false, .plain_http = true}});
    const auto read = decode(encode(event));
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == event);
}

}  // namespace

}  // namespace saldo::partner
