#include "service/partners.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "foundation/id.hpp"

namespace saldo::service {

namespace {

using partner::ClientKind;
using partner::Refusal;
using partner::Scope;

/// The streams of a log, and a writer that another process can be put in front of.
struct Streams {
    std::map<std::string, std::vector<EventRecord>, std::less<>> streams;
    int others_first = 0;  ///< so many appends find that somebody was quicker

    bool append(const Append& append) {
        if (others_first > 0) {
            --others_first;
            return false;
        }
        auto& events = streams[append.stream.name];
        if (std::ssize(events) != append.expected_version) return false;
        events.insert(events.end(), append.events.begin(), append.events.end());
        return true;
    }
};

class StreamsReader final : public LogReader {
  public:
    explicit StreamsReader(const Streams& streams) : streams_(streams) {}
    StreamContent read(const StreamName& stream) override {
        const auto found = streams_.streams.find(stream.name);
        return {found == streams_.streams.end() ? std::vector<EventRecord>{} : found->second, ""};
    }
    std::vector<std::string> streams(foundation::Bucket, std::string_view prefix) override {
        std::vector<std::string> names;
        for (const auto& [name, events] : streams_.streams)
            if (name.starts_with(prefix)) names.push_back(name);
        return names;
    }
    Page read_after(const LogCursor&, int) override { return {}; }
    LogCursor end() override { return {}; }
    std::int64_t count() override { return 0; }

  private:
    const Streams& streams_;
};

class StoppedClock final : public Clock {
  public:
    foundation::Instant now() override { return *foundation::parse_instant("2020-03-10T23:30:00Z"); }
};

class CountingRandom final : public Random {
  public:
    std::string bytes(std::size_t count) override { return std::string(count, static_cast<char>(++drawn_)); }

  private:
    int drawn_ = 0;
};

class PartnersTest : public ::testing::Test {
  protected:
    Partners opened() {
        return Partners(
            std::make_unique<StreamsReader>(log), [this](const Append& append) { return log.append(append); }, clock,
            random);
    }
    static std::string added(Partners& partners, const std::string& name) {
        return partners.add({.name = name, .contract = terms::demo_contract()}, "cli").value();
    }

    Streams log;
    StoppedClock clock;
    CountingRandom random;
};

TEST_F(PartnersTest, a_partner_is_found_with_shop_contract_and_clients_before_and_after_a_restart) {
    Partners partners = opened();
    const std::string id = added(partners, "Fruit House");
    EXPECT_TRUE(foundation::is_id(id));
    ASSERT_TRUE(partners.change(id, partner::AddShop{"shop-1", "fruits and more"}, "cli"));
    const NewClient api = partners.add_client(id, ClientKind::api, {}, "cli").value();
    const NewClient all =
        partners.add_client(partner::every_partner, ClientKind::operations, {Scope::read}, "cli").value();

    const auto check = [&](const PartnerDirectory& directory) {
        ASSERT_TRUE(directory.partner(id));
        EXPECT_EQ(directory.partner(id)->shop("shop-1")->name, "fruits and more");
        EXPECT_EQ(directory.partner(id)->contract, terms::demo_contract());
        ASSERT_TRUE(directory.client(api.client_id));
        EXPECT_EQ(directory.client(api.client_id)->partner, directory.partner(id));
        EXPECT_EQ(directory.client(api.client_id)->client->secret_sha256, foundation::sha256(api.secret));
        ASSERT_TRUE(directory.client(all.client_id));
        EXPECT_TRUE(directory.client(all.client_id)->partner->is_operator());
        EXPECT_FALSE(directory.partner(partner::every_partner));
        EXPECT_FALSE(directory.client("nobody"));
    };
    check(*partners.directory());
    check(*opened().directory());
    StreamsReader reader(log);
    PartnerDirectory moved = PartnerDirectory();
    moved = PartnerDirectory::read(reader);
    check(moved);
}

TEST_F(PartnersTest, a_directory_once_taken_does_not_change) {
    Partners partners = opened();
    const std::string id = added(partners, "Fruit House");
    const auto before = partners.directory();
    ASSERT_TRUE(partners.change(id, partner::AddShop{"shop-1", std::nullopt}, "cli"));
    EXPECT_FALSE(before->partner(id)->shop("shop-1"));
    EXPECT_TRUE(partners.directory()->partner(id)->shop("shop-1"));
}

TEST_F(PartnersTest, only_the_hash_of_a_secret_is_kept) {
    Partners partners = opened();
    const std::string id = added(partners, "Fruit House");
    const NewClient client = partners.add_client(id, ClientKind::api, {}, "cli").value();
    EXPECT_EQ(client.secret.size(), 43U);  // 256 bits as base64url
    for (const auto& [name, events] : log.streams)
        for (const EventRecord& record : events) EXPECT_EQ(record.body.find(client.secret), std::string::npos);
}

TEST_F(PartnersTest, no_two_ids_or_secrets_are_alike) {
    Partners partners = opened();
    const std::string id = added(partners, "Fruit House");
    const NewClient one = partners.add_client(id, ClientKind::api, {}, "cli").value();
    const NewClient other = partners.add_client(id, ClientKind::api, {}, "cli").value();
    EXPECT_EQ((std::set{id, one.client_id, other.client_id}).size(), 3U);
    EXPECT_NE(one.secret, other.secret);
}

TEST_F(PartnersTest, an_event_is_dated_in_the_partners_zone_and_names_its_actor) {
    Partners partners = opened();
    const std::string id = added(partners, "Fruit House");
    const EventRecord& first = log.streams.at("partner/" + id).front();
    EXPECT_EQ(first.type, "PartnerAdded");
    EXPECT_EQ(first.actor, "cli");
    EXPECT_EQ(foundation::day_text(first.value_date), "2020-03-11");  // Berlin, at 23:30 UTC of the day before
    EXPECT_EQ(first.seq, 1);
    EXPECT_EQ(log.streams.at("partner/" + id).back().seq, 2);
}

TEST_F(PartnersTest, a_command_is_decided_again_when_another_process_was_quicker) {
    Partners partners = opened();
    const std::string id = added(partners, "Fruit House");
    log.others_first = 2;
    EXPECT_TRUE(partners.change(id, partner::AddShop{"shop-1", std::nullopt}, "cli"));
    log.others_first = 100;
    EXPECT_THROW(static_cast<void>(partners.change(id, partner::AddShop{"shop-2", std::nullopt}, "cli")), StoreFailed);
    EXPECT_FALSE(partners.directory()->partner(id)->shop("shop-2"));
}

TEST_F(PartnersTest, a_client_is_revoked_by_its_id_alone) {
    Partners partners = opened();
    const std::string id = added(partners, "Fruit House");
    const std::string client_id = partners.add_client(id, ClientKind::api, {}, "cli")->client_id;
    ASSERT_TRUE(partners.revoke_client(client_id, "cli"));
    EXPECT_TRUE(partners.directory()->client(client_id)->client->revoked);
    EXPECT_EQ(partners.revoke_client(client_id, "cli").error(), Refusal::client_already_revoked);
    EXPECT_EQ(partners.revoke_client("nobody", "cli").error(), Refusal::client_unknown);
}

TEST_F(PartnersTest, partners_are_listed_by_name) {
    Partners partners = opened();
    for (const char* name : {"C", "A", "B"}) added(partners, name);
    std::string names;
    for (const partner::Partner& one : partners.directory()->partners()) names += one.name;
    EXPECT_EQ(names, "ABC");
}

TEST_F(PartnersTest, a_stream_of_a_newer_program_is_named) {
    EventRecord record;
    record.stream = stream_of_partner("X");
    record.seq = 1;
    record.type = "PartnerMerged";
    record.body = "{}";
    log.streams["partner/X"] = {record};
    try {
        opened();
        FAIL();
    } catch (const PartnerUnreadable& unreadable) {
        EXPECT_STREQ(unreadable.what(),
                     "Event 1 of partner/X cannot be read: $ is an event of the type PartnerMerged, which this program "
                     "does not know.");
    }
}

}  // namespace

}  // namespace saldo::service
