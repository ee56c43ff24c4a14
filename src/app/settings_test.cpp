#include "app/settings.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace saldo::app {

namespace {

const std::string least = R"(public_url = "https://pay.example.com/"
data = "store"
[master_key]
file = "master.key"
)";

std::string fault_in(const std::string& toml) {
    try {
        parse_settings(toml, "/etc/saldo/saldo.toml");
        return "";
    } catch (const SettingsFault& fault) {
        return fault.what();
    }
}

TEST(Settings, need_an_address_a_directory_and_a_master_key) {
    const Settings settings = parse_settings(least, "/etc/saldo/saldo.toml");
    EXPECT_EQ(settings.public_url, "https://pay.example.com");
    EXPECT_EQ(settings.data, "/etc/saldo/store");
    EXPECT_EQ(settings.master_key.file, "/etc/saldo/master.key");
    EXPECT_EQ(settings.listen, std::vector<std::string>{"127.0.0.1:8080"});
    EXPECT_TRUE(settings.require_content_type_on_get);
    EXPECT_EQ(settings.cache_mib, 64);
    EXPECT_FALSE(settings.tls);
    EXPECT_FALSE(settings.messages);
}

TEST(Settings, can_all_be_set) {
    const Settings settings = parse_settings(R"(
listen = ["127.0.0.1:0", "[::1]:8081"]
public_url = "http://localhost:8080/saldo"
data = "/srv/saldo"
trusted_proxies = ["10.0.0.0/8", "::1"]
master_key = { environment = "SALDO_MASTER_KEY" }
tls = { certificate = "a.pem", key = "/b.key" }
admin.listen = "0.0.0.0:9100"
[messages]
url = "https://sms.example.com/v1/messages"
sender = "Saldo"
token.file = "messages.token"
[server]
threads = 3
readers = 4
cache_mib = 0
[status]
processing_offset_hours = 24
require_content_type_on_get = false
[sign_in]
failures_per_minute = 5
failures_per_minute_and_address = 50
[log]
level = "debug"
)",
                                             "saldo.toml");
    EXPECT_EQ(settings.listen.size(), 2U);
    EXPECT_EQ(settings.trusted_proxies.size(), 2U);
    EXPECT_EQ(settings.master_key.environment, "SALDO_MASTER_KEY");
    EXPECT_EQ(settings.tls->certificate.filename(), "a.pem");
    EXPECT_EQ(settings.tls->key, "/b.key");
    EXPECT_EQ(settings.admin_listen, "0.0.0.0:9100");
    EXPECT_EQ(settings.messages->url, "https://sms.example.com/v1/messages");
    EXPECT_EQ(settings.messages->sender, "Saldo");
    EXPECT_EQ(settings.messages->token.file->filename(), "messages.token");
    EXPECT_EQ(settings.threads, 3);
    EXPECT_EQ(settings.readers, 4);
    EXPECT_EQ(settings.cache_mib, 0);
    EXPECT_EQ(settings.processing_offset_hours, 24);
    EXPECT_FALSE(settings.require_content_type_on_get);
    EXPECT_EQ(settings.sign_in_failures_per_minute, 5);
    EXPECT_EQ(settings.sign_in_failures_per_minute_and_address, 50);
    EXPECT_EQ(settings.log_level, Settings::LogLevel::debug);
}

struct Case {
    std::string added;
    std::string fault;
};

TEST(Settings, that_are_wrong_are_told_in_one_sentence_with_their_line) {
    const std::string at = "/etc/saldo/saldo.toml:1: ";
    const std::vector<Case> cases{
        {"lsiten = 1", "`lsiten` is no setting; did you mean `listen`?"},
        {"threads = 1", "`threads` is no setting; did you mean `server.threads`?"},
        {"colour = 1", "`colour` is no setting; `saldo settings --example` shows them all."},
        {"server.thread = 1", "`server.thread` is no setting; did you mean `server.threads`?"},
        {"server = 1", "`server` must be a heading with settings below it: [server]."},
        {"listen = 8080",
         "`listen` must be an address and a port such as \"127.0.0.1:8080\" or \"[::1]:8080\", or a list of such."},
        {"listen = \"127.0.0.1:70000\"",
         "`listen` must be an address and a port such as \"127.0.0.1:8080\" or \"[::1]:8080\", or a list of such."},
        {"listen = \"::1:80\"",
         "`listen` must be an address and a port such as \"127.0.0.1:8080\" or \"[::1]:8080\", or a list of such."},
        {"listen = []", "`listen` must be an address and a port such as \"127.0.0.1:8080\" or \"[::1]:8080\"."},
        {"admin.listen = \":9090\"",
         "`admin.listen` must be an address and a port such as \"127.0.0.1:8080\" or \"[::1]:8080\"."},
        {"trusted_proxies = [\"10.0.0.0/33\"]",
         "`trusted_proxies` must be a list of networks such as [\"10.0.0.0/8\"]."},
        {"server.cache_mib = -1", "`server.cache_mib` must be a whole number from 0 to 1048576."},
        {"server.cache_mib = 1.5", "`server.cache_mib` must be a whole number from 0 to 1048576."},
        {"status.require_content_type_on_get = \"no\"", "`status.require_content_type_on_get` must be true or false."},
        {"log.level = \"loud\"", "`log.level` must be \"debug\", \"info\", \"warning\" or \"error\"."},
        {"tls.key = \"\"", "`tls.key` must be the path of a file or directory."},
        {"country = 1", "`country` must be a heading with a country below it, such as [country.DE]."},
        {"country.germany.effective_rate_max = 15",
         "`country.germany` names no country; use the two letters of ISO 3166-1, such as [country.DE]."},
        {"country.DE = 15", "`country.DE` must be a heading with settings below it: [country.DE]."},
        {"country.DE.effective_rate_max = \"high\"",
         "`country.DE.effective_rate_max` must be a percentage of at most four decimals, such as 15 or 14.5."},
        {"country.DE.effective_rate_max = 14.00001",
         "`country.DE.effective_rate_max` must be a percentage of at most four decimals, such as 15 or 14.5."},
        {"country.DE.interest_on_withdrawal = \"all\"",
         "`country.DE.interest_on_withdrawal` must be \"none\" or \"until_withdrawal\"."},
        {"country.DE.cap = 15",
         "there is no setting `country.DE.cap`; of a country there are `effective_rate_max` and "
         "`interest_on_withdrawal`."},
    };
    for (const Case& one : cases) EXPECT_EQ(fault_in(one.added + "\n" + least), at + one.fault) << one.added;
}

TEST(Settings, say_what_the_law_of_a_country_is) {
    const Settings settings = parse_settings(least + R"([country.DE]
effective_rate_max = 14.55
[country.FR]
effective_rate_max = 20
interest_on_withdrawal = "none"
)",
                                             "saldo.toml");
    const terms::CountryLaws& laws = settings.country_laws;
    using enum terms::InterestOnWithdrawal;
    EXPECT_EQ(laws.at("DE"), (terms::CountryLaw{foundation::Decimal::parse("14.55"), until_withdrawal}));
    EXPECT_EQ(laws.at("FR"), (terms::CountryLaw{foundation::Decimal::parse("20"), none}));
    EXPECT_EQ(laws.at("CH"), terms::CountryLaw{});
}

TEST(Settings, of_an_address_that_is_no_url_are_refused) {
    for (const char* url : {"pay.example.com", "ftp://x", "https://", "https:///x", "https://a?b", "https://a b"})
        EXPECT_EQ(fault_in("public_url = \"" + std::string(url) + "\""),
                  "/etc/saldo/saldo.toml:1: `public_url` must be the address the world sees, such as "
                  "\"https://pay.example.com\".")
            << url;
}

TEST(Settings, of_messages_leave_the_machine_over_https_alone_and_have_a_sender_that_phones_show) {
    const auto with = [](const std::string& url, const std::string& sender) {
        return fault_in(least + "[messages]\nurl = \"" + url + "\"\nsender = \"" + sender +
                        "\"\ntoken.environment = \"TOKEN\"\n");
    };
    for (const char* url : {"https://sms.example.com", "https://sms.example.com:8443/v1/messages",
                            "http://127.0.0.1:9000/messages", "http://localhost", "http://[::1]:9000/"})
        EXPECT_EQ(with(url, "Saldo"), "") << url;
    for (const char* url : {"http://sms.example.com", "http://127.0.0.1.example.com", "http://localhost.example",
                            "ftp://sms", "sms", "https://user:word@sms.example.com"})
        EXPECT_EQ(with(url, "Saldo"),
                  "/etc/saldo/saldo.toml:6: `messages.url` must be the gateway's address such as "
                  "\"https://sms.example.com/messages\"; over http only on this machine.")
            << url;
    for (const char* sender : {"+491711234567", "4917112345678", "Fruits 24"}) EXPECT_EQ(with("https://a", sender), "");
    for (const char* sender : {"", "Fruits and more", "Früchte", "+", "0123456789012345"})
        EXPECT_EQ(with("https://a", sender),
                  "/etc/saldo/saldo.toml:7: `messages.sender` must be at most eleven letters and digits, or a phone "
                  "number.")
            << sender;
}

TEST(Settings, tell_the_first_fault_of_the_file) {
    EXPECT_EQ(fault_in("\n[server]\nthreads = -1\n[admin]\nlisten = 1\n"),
              "/etc/saldo/saldo.toml:3: `server.threads` must be a whole number from 0 to 256.");
}

TEST(Settings, that_are_missing_or_contradict_each_other_are_told) {
    EXPECT_EQ(fault_in(""),
              "/etc/saldo/saldo.toml: `public_url` is missing; add the address the world sees, such as public_url = "
              "\"https://pay.example.com\".");
    EXPECT_EQ(fault_in("public_url = \"https://a\""),
              "/etc/saldo/saldo.toml: `data` is missing; add the data directory, such as data = \"/var/lib/saldo\".");
    EXPECT_EQ(fault_in("public_url = \"https://a\"\ndata = \"d\""),
              "/etc/saldo/saldo.toml: `master_key.file` is missing; make a key with `saldo key new FILE` and name the "
              "file below [master_key].");
    EXPECT_EQ(
        fault_in(least + "environment = \"KEY\""),
        "/etc/saldo/saldo.toml: `master_key.file` and `master_key.environment` are both there; keep one of them.");
    EXPECT_EQ(fault_in("messages.url = \"https://a\"\n" + least),
              "/etc/saldo/saldo.toml: `messages.url` and `messages.sender` go together; add the one that is missing.");
    EXPECT_EQ(fault_in("messages = { url = \"https://a\", sender = \"S\" }\n" + least),
              "/etc/saldo/saldo.toml: [messages] needs either `token.file` or `token.environment`, the token of the "
              "gateway.");
    EXPECT_EQ(fault_in("tls.key = \"k\"\n" + least),
              "/etc/saldo/saldo.toml: `tls.certificate` and `tls.key` go together; add the one that is missing.");
}

TEST(Settings, that_are_not_toml_name_the_line) {
    EXPECT_TRUE(fault_in("data = \"a\"\npublic_url = \n").starts_with("/etc/saldo/saldo.toml:2: this is not TOML: "));
    EXPECT_TRUE(fault_in("data = \"a\"\ndata = \"b\"\n").starts_with("/etc/saldo/saldo.toml:2: this is not TOML: "));
}

TEST(Settings, of_a_file_that_is_not_there_say_where_to_get_one) {
    try {
        read_settings("/nowhere/saldo.toml");
        FAIL();
    } catch (const SettingsFault& fault) {
        EXPECT_STREQ(fault.what(),
                     "The settings file /nowhere/saldo.toml cannot be read; `saldo settings --example` "
                     "prints one to start from.");
    }
}

TEST(Settings, of_the_example_are_valid_and_its_comments_show_the_defaults) {
    const Settings example = parse_settings(example_settings(), "saldo.toml");
    // A commented setting is `# name = value`; turned on, it must change nothing.
    const std::string all_on =
        std::regex_replace(std::string(example_settings()), std::regex("(^|\n)# ([a-z_]+ = )"), "$1$2");
    const std::string without_choices = std::regex_replace(
        all_on, std::regex("\n(environment|certificate|key|url|sender|effective_rate_max) = [^\n]*"), "");
    const Settings spelt_out = parse_settings(without_choices, "saldo.toml");
    EXPECT_EQ(spelt_out.listen, example.listen);
    EXPECT_EQ(spelt_out.trusted_proxies, example.trusted_proxies);
    EXPECT_EQ(spelt_out.admin_listen, example.admin_listen);
    EXPECT_EQ(spelt_out.threads, example.threads);
    EXPECT_EQ(spelt_out.readers, example.readers);
    EXPECT_EQ(spelt_out.cache_mib, example.cache_mib);
    EXPECT_EQ(spelt_out.processing_offset_hours, example.processing_offset_hours);
    EXPECT_EQ(spelt_out.require_content_type_on_get, example.require_content_type_on_get);
    EXPECT_EQ(spelt_out.sign_in_failures_per_minute, example.sign_in_failures_per_minute);
    EXPECT_EQ(spelt_out.sign_in_failures_per_minute_and_address, example.sign_in_failures_per_minute_and_address);
    EXPECT_EQ(spelt_out.country_laws, example.country_laws);
    EXPECT_EQ(spelt_out.log_level, example.log_level);
}

TEST(Settings, of_the_example_are_those_of_the_documentation) {
    std::ifstream in(SALDO_SOURCE_DIR "/docs/examples/saldo.toml");
    const std::string documented{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(documented, example_settings());
}

}  // namespace

}  // namespace saldo::app
