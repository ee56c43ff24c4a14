#include "partner/decide.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace saldo::partner {

void PrintTo(Refusal refusal, std::ostream* out) {
    *out << name_of(refusal);
}

namespace {

const foundation::Digest digest = foundation::sha256("a secret");

Partner partner_after(const std::vector<Event>& events, std::string id = "7Q2M0S6W1P9V4XJZ3H8K") {
    Partner partner{.id = std::move(id)};
    for (const Event& event : events) partner = evolve(std::move(partner), event);
    return partner;
}

Partner added() {
    return partner_after({PartnerAdded{"Fruit House"}, ContractAgreed{terms::demo_contract()}});
}

Partner with_shop_and_client() {
    return partner_after({PartnerAdded{"Fruit House"}, ContractAgreed{terms::demo_contract()},
                          ShopAdded{"shop-1", "fruits and more"},
                          ClientAdded{.client_id = "C1", .secret_sha256 = digest}});
}

Partner operator_house() {
    return partner_after({}, std::string(every_partner));
}

terms::Contract contract_without_products() {
    terms::Contract contract = terms::demo_contract();
    contract.products.clear();
    return contract;
}

terms::Contract contract_of_version(int version, terms::Contract contract = terms::demo_contract()) {
    contract.version = version;
    return contract;
}

Refusal refusal_of(const Decision& decision) {
    EXPECT_FALSE(decision.has_value());
    return decision.error();
}

// Every row breaks the rule it names and, where it can, every later one: so each shows its place in the order too.

TEST(Refusals, of_a_new_partner_come_in_their_order) {
    EXPECT_EQ(refusal_of(decide(added(), AddPartner{"", contract_without_products()})), Refusal::partner_exists);
    EXPECT_EQ(refusal_of(decide(operator_house(), AddPartner{"", contract_without_products()})),
              Refusal::partner_exists);
    EXPECT_EQ(refusal_of(decide(Partner{}, AddPartner{"", contract_without_products()})),
              Refusal::partner_name_invalid);
    EXPECT_EQ(refusal_of(decide(Partner{}, AddPartner{"Fruit House", contract_without_products()})),
              Refusal::contract_unusable);
}

TEST(Refusals, of_a_new_shop_come_in_their_order) {
    const AddShop all_wrong{"", ""};
    EXPECT_EQ(refusal_of(decide(Partner{}, all_wrong)), Refusal::partner_unknown);
    EXPECT_EQ(refusal_of(decide(operator_house(), all_wrong)), Refusal::not_for_operator);
    EXPECT_EQ(refusal_of(decide(added(), all_wrong)), Refusal::shop_id_invalid);
    EXPECT_EQ(refusal_of(decide(with_shop_and_client(), AddShop{"shop-1", ""})), Refusal::shop_exists);
    EXPECT_EQ(refusal_of(decide(added(), AddShop{"shop-1", ""})), Refusal::shop_name_invalid);
}

TEST(Refusals, of_a_shops_new_name_come_in_their_order) {
    const RenameShop all_wrong{"shop-1", ""};
    EXPECT_EQ(refusal_of(decide(Partner{}, all_wrong)), Refusal::partner_unknown);
    EXPECT_EQ(refusal_of(decide(operator_house(), all_wrong)), Refusal::not_for_operator);
    EXPECT_EQ(refusal_of(decide(added(), all_wrong)), Refusal::shop_unknown);
    EXPECT_EQ(refusal_of(decide(with_shop_and_client(), all_wrong)), Refusal::shop_name_invalid);
}

TEST(Refusals, of_a_contract_come_in_their_order) {
    const AgreeContract all_wrong{contract_of_version(7, contract_without_products())};
    EXPECT_EQ(refusal_of(decide(Partner{}, all_wrong)), Refusal::partner_unknown);
    EXPECT_EQ(refusal_of(decide(operator_house(), all_wrong)), Refusal::not_for_operator);
    EXPECT_EQ(refusal_of(decide(added(), all_wrong)), Refusal::contract_changed_meanwhile);
    EXPECT_EQ(refusal_of(decide(added(), AgreeContract{contract_of_version(1, contract_without_products())})),
              Refusal::contract_unusable);
}

TEST(Refusals, of_a_new_client_come_in_their_order) {
    const AddClient api_with_scope{.client_id = "C1", .kind = ClientKind::api, .scopes = {Scope::read}};
    const AddClient operator_without_scope{.client_id = "C1", .kind = ClientKind::operations};
    EXPECT_EQ(refusal_of(decide(Partner{}, api_with_scope)), Refusal::partner_unknown);
    EXPECT_EQ(refusal_of(decide(with_shop_and_client(), api_with_scope)), Refusal::client_exists);
    EXPECT_EQ(refusal_of(decide(operator_house(), api_with_scope)), Refusal::api_client_without_partner);
    EXPECT_EQ(refusal_of(decide(added(), api_with_scope)), Refusal::api_client_with_scopes);
    EXPECT_EQ(refusal_of(decide(operator_house(), operator_without_scope)), Refusal::operator_client_without_scope);
}

TEST(Refusals, of_a_revocation_come_in_their_order) {
    EXPECT_EQ(refusal_of(decide(Partner{}, RevokeClient{"C1"})), Refusal::partner_unknown);
    EXPECT_EQ(refusal_of(decide(added(), RevokeClient{"C1"})), Refusal::client_unknown);
    const Partner revoked = evolve(with_shop_and_client(), ClientRevoked{"C1"});
    EXPECT_EQ(refusal_of(decide(revoked, RevokeClient{"C1"})), Refusal::client_already_revoked);
}

TEST(AddPartner, begins_with_version_one_of_its_contract_whatever_the_file_says) {
    const auto events = decide(Partner{}, AddPartner{"Fruit House", contract_of_version(9)});
    ASSERT_TRUE(events.has_value());
    const Partner partner = partner_after(*events);
    EXPECT_EQ(partner.name, "Fruit House");
    EXPECT_EQ(partner.contract, contract_of_version(1));
}

TEST(AgreeContract, counts_the_versions_and_replaces_the_whole) {
    terms::Contract changed = terms::demo_contract();
    changed.expiry_days = 30;
    for (const int made_from : {0, 1}) {
        const auto events = decide(added(), AgreeContract{contract_of_version(made_from, changed)});
        ASSERT_TRUE(events.has_value());
        const Partner partner = evolve(added(), events->front());
        EXPECT_EQ(partner.contract, contract_of_version(2, changed));
    }
}

TEST(AddClient, keeps_scopes_once_and_in_order) {
    const auto events = decide(added(), AddClient{.client_id = "C2",
                                                  .kind = ClientKind::operations,
                                                  .scopes = {Scope::dun, Scope::read, Scope::dun},
                                                  .secret_sha256 = digest});
    ASSERT_TRUE(events.has_value());
    const Partner partner = evolve(added(), events->front());
    const Client* client = partner.client("C2");
    ASSERT_TRUE(client);
    EXPECT_EQ(client->scopes, (std::vector{Scope::read, Scope::dun}));
    EXPECT_TRUE(client->may(Scope::dun));
    EXPECT_FALSE(client->may(Scope::book));
    EXPECT_EQ(client->secret_sha256, digest);
    EXPECT_FALSE(client->revoked);
}

TEST(WebhookReach, is_public_addresses_over_https_until_somebody_sets_another) {
    const WebhookReach far{.private_addresses = true, .plain_http = true};
    EXPECT_EQ(added().webhook_reach, WebhookReach{});
    const auto events = decide(added(), SetWebhookReach{far});
    ASSERT_TRUE(events.has_value());
    const Partner after = evolve(added(), events->at(0));
    EXPECT_EQ(after.webhook_reach, far);
    EXPECT_EQ(evolve(after, decide(after, SetWebhookReach{{}})->at(0)).webhook_reach, WebhookReach{});
    EXPECT_EQ(refusal_of(decide(Partner{}, SetWebhookReach{far})), Refusal::partner_unknown);
    EXPECT_EQ(refusal_of(decide(operator_house(), SetWebhookReach{far})), Refusal::not_for_operator);
}

TEST(Names, are_utf8_without_control_characters_and_not_blank) {
    const auto may_be_called = [](std::string_view name) {
        return decide(Partner{}, AddPartner{std::string(name), terms::demo_contract()}).has_value();
    };
    for (const std::string_view good : {"A", "Früchte & mehr", "果物屋", "\xF0\x9F\x8D\x8E", "\xED\x9F\xBF"})
        EXPECT_TRUE(may_be_called(good)) << good;
    for (const std::string_view bad : {"", "   ", "a\nb", "a\x7F", "\xC2\x85", "\xFF", "\xC0\xAF", "\xC3", "a\xC3",
                                       "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"})
        EXPECT_FALSE(may_be_called(bad)) << foundation::hex(bad);
    EXPECT_FALSE(may_be_called(std::string_view("a\0b", 3)));
    EXPECT_TRUE(may_be_called(std::string(200, 'a')));
    EXPECT_FALSE(may_be_called(std::string(201, 'a')));
}

TEST(Words, have_names_that_read_back) {
    for (const Scope one : all_scopes) EXPECT_EQ(scope(name_of(one)), one);
    for (const ClientKind one : {ClientKind::api, ClientKind::operations}) EXPECT_EQ(client_kind(name_of(one)), one);
    EXPECT_FALSE(scope("write"));
    EXPECT_FALSE(client_kind("API"));
    for (int i = 0; i <= static_cast<int>(Refusal::client_already_revoked); ++i) {
        EXPECT_FALSE(name_of(static_cast<Refusal>(i)).empty());
        EXPECT_TRUE(explain(static_cast<Refusal>(i)).ends_with('.'));
    }
}

}  // namespace

}  // namespace saldo::partner
