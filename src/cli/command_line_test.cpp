#include "cli/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "terms/contract.hpp"

namespace saldo::cli {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

class EmptyStore final : public Inspection {
  public:
    service::PartnerDirectory partners() override { return service::PartnerDirectory(); }
    Reply events(std::string_view id) override { return about("events", id); }
    Reply explain(std::string_view id, std::optional<foundation::Day> as_of) override {
        return about("explain", std::string(id) + (as_of ? " on " + foundation::day_text(*as_of) : ""));
    }
    Reply direct_debits(std::string_view id) override { return about("direct_debits", id); }
    Reply subject(std::string_view id) override { return about("subject", id); }
    Reply deliveries(const service::DeliveryQuestion& question) override {
        asked = question;
        return Reply::of(
            R"({"deliveries":[{"delivery_id":"D1","session_id":"S1","session_status":"COMPLETED","state":"GIVEN_UP",)"
            R"("attempts":[{"number":1,"began_at":"2026-06-05T15:41:36Z","status":500},)"
            R"({"number":2,"began_at":"2026-06-05T15:41:39Z","failure":"TIMED_OUT"}]}]})");
    }
    static inline service::DeliveryQuestion asked = {};
    Reply signing_keys() override { return Reply::of("[]"); }
    Verification verify(const VerifyOptions& options, const Progress& progress) override {
        progress(3, 9);
        if (options.anchor) verification.anchored_at = "2020-03-10T17:06:52Z";
        return verification;
    }
    static Reply about(std::string_view what, std::string_view id) {
        if (id == "unknown") return Reply::refused("TRANSACTION_NOT_FOUND", "There is no transaction of this id.");
        return Reply::of("{\"asked\":\"" + std::string(what) + ' ' + std::string(id) + "\"}");
    }
    static inline Verification verification = {};
};

class CommandLine : public ::testing::Test {
  protected:
    CommandLine() {
        EmptyStore::verification = {.events = 9, .streams = 2};
        program.dev = [this](const DevOptions& options) {
            dev = options;
            return ExitCode::ok;
        };
        program.serve = [this](const ServeOptions& options) {
            serve = options;
            return ExitCode::ok;
        };
        program.data_of = [](const StorePlace& place) -> std::filesystem::path {
            if (place.data) return *place.data;
            if (!place.config) throw std::runtime_error("It is not said which store.");
            return "/nowhere";
        };
        program.inspect = [](const StorePlace&) { return std::make_unique<EmptyStore>(); };
        program.administer = [this](const StorePlace&, std::string_view request) {
            requests.emplace_back(request);
            return reply;
        };
        program.copies = {
            .back_up = [this](const StorePlace&, const std::filesystem::path& target,
                              const Progress& progress) { return copied("backup " + target.string(), progress); },
            .verify_backup = [this](const StorePlace&, const std::filesystem::path& backup,
                                    const Progress& progress) { return copied("verify " + backup.string(), progress); },
            .export_events = [this](const StorePlace&, const std::filesystem::path& target,
                                    const Progress& progress) { return copied("export " + target.string(), progress); },
            .anchor = [this](const StorePlace&, const std::filesystem::path& target,
                             const Progress& progress) { return copied("anchor " + target.string(), progress); },
            .remake =
                [this](const StorePlace&, const Remaking& wanted, const Progress& progress) {
                    std::string asked = wanted.from == Remaking::From::backup ? "restore " : "import ";
                    asked += wanted.copy.string();
                    for (const auto& source : wanted.erasures) asked += " without " + source.string();
                    return copied(asked, progress);
                },
            .erasure_list = [this](const StorePlace&) { return listed_erasures; }};
        program.routes = [] { return std::vector<RouteLine>{{"GET", "/a/{id}"}}; };
        program.example_settings = "data = \"x\"\n";
    }

    Reply copied(const std::string& asked, const Progress& progress) {
        progress(1, 2);
        requests.push_back(asked);
        return reply;
    }

    ExitCode run(Words words, const std::string& typed = "") {
        std::istringstream in(typed);
        std::ostringstream out_stream, err_stream;
        const auto code = cli::run(std::move(words), program,
                                   {.in = in,
                                    .out = out_stream,
                                    .err = err_stream,
                                    .person = typed.empty() ? Terminal::Person::absent : Terminal::Person::present});
        out = out_stream.str();
        err = err_stream.str();
        return code;
    }

    Program program;
    std::optional<DevOptions> dev;
    std::optional<ServeOptions> serve;
    std::vector<std::string> requests;
    std::optional<std::filesystem::path> listed_erasures;
    Reply reply = Reply::of("{}");
    std::string out, err;
};

/// Every command there is.
const std::vector<Words> commands{{"dev"},
                                  {"serve"},
                                  {"partner"},
                                  {"partner", "add"},
                                  {"partner", "list"},
                                  {"partner", "contract"},
                                  {"shop"},
                                  {"shop", "add"},
                                  {"shop", "rename"},
                                  {"shop", "list"},
                                  {"client"},
                                  {"client", "add"},
                                  {"client", "revoke"},
                                  {"client", "list"},
                                  {"events"},
                                  {"explain"},
                                  {"debits"},
                                  {"subject"},
                                  {"subject", "show"},
                                  {"subject", "erase"},
                                  {"verify"},
                                  {"anchor"},
                                  {"backup"},
                                  {"backup", "verify"},
                                  {"restore"},
                                  {"export"},
                                  {"import"},
                                  {"plan"},
                                  {"apr"},
                                  {"key"},
                                  {"key", "new"},
                                  {"key", "rotate"},
                                  {"key", "list"},
                                  {"routes"},
                                  {"settings"}};

TEST_F(CommandLine, every_command_helps_with_an_example_and_its_exit_codes) {
    for (Words words : commands) {
        words.push_back("--help");
        EXPECT_EQ(run(words), ExitCode::ok);
        const std::string name = "saldo " + words[0] + (words.size() > 2 ? ' ' + words[1] : "");
        EXPECT_THAT(out, HasSubstr("Usage:\n  " + name));
        EXPECT_THAT(out, HasSubstr("Example:\n  saldo "));
        EXPECT_THAT(out, HasSubstr("Exit codes:\n  0 done"));
        EXPECT_EQ(err, "");
        for (std::istringstream lines(out); std::getline(lines, err);) EXPECT_LE(err.size(), 120U) << err;
        err.clear();
    }
}

TEST_F(CommandLine, every_example_can_be_parsed) {
    for (const Words& words : commands) {
        Words asking = words;
        asking.push_back("--help");
        run(asking);
        std::string text = out.substr(out.find("Example:\n") + 9);
        text = text.substr(0, text.find("\n\n"));
        for (std::istringstream lines(text); std::getline(lines, text);) {
            text = text.substr(0, text.find("   #"));
            text = text.substr(0, text.find(" >"));
            Words example;
            std::istringstream parts(text);
            for (std::string part; parts >> std::quoted(part);) example.push_back(part);
            ASSERT_EQ(example.front(), "saldo");
            example.erase(example.begin());
            const std::string shown = text;
            if (example.size() >= 2 && example[0] == "key" && example[1] == "new") continue;  // would make a file
            EXPECT_NE(run(example), ExitCode::usage) << shown << '\n' << err;
        }
    }
}

TEST_F(CommandLine, tells_its_version) {
    EXPECT_EQ(run({"--version"}), ExitCode::ok);
    EXPECT_THAT(out, MatchesRegex("saldo [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(CommandLine, that_is_not_understood_says_what_was_probably_meant) {
    const auto complaint = [this](Words words) {
        EXPECT_EQ(run(std::move(words)), ExitCode::usage);
        EXPECT_EQ(out, "");
        return err.substr(0, err.find('\n'));
    };
    EXPECT_EQ(complaint({"partnr"}), "saldo: there is no command `saldo partnr`; did you mean `partner`?");
    EXPECT_EQ(complaint({"shop", "lst"}), "saldo: there is no command `saldo shop lst`; did you mean `list`?");
    EXPECT_EQ(complaint({"frobnicate"}), "saldo: there is no command `saldo frobnicate`.");
    EXPECT_EQ(complaint({"dev", "--lisen", "x"}),
              "saldo: `saldo dev` has no option `--lisen`; did you mean `--listen`?");
    EXPECT_EQ(complaint({"shop"}), "saldo: `saldo shop` needs a command: add, rename, list.");
    EXPECT_EQ(complaint({"events"}), "saldo: `saldo events` needs TRANSACTION.");
    EXPECT_EQ(complaint({"shop", "add", "--partner", "P"}), "saldo: `saldo shop add` needs --shop ID.");
    EXPECT_EQ(complaint({"events", "A", "B"}), "saldo: `saldo events` does not know what to do with `B`.");
    EXPECT_EQ(complaint({"dev", "--listen"}), "saldo: `saldo dev`: --listen: 1 required HOST:PORT missing.");
    EXPECT_EQ(complaint({"explain", "T", "--as-of", "yesterday", "--data", "x"}),
              "saldo: `--as-of` takes a day such as 2020-03-19, not `yesterday`.");
    EXPECT_EQ(complaint({"dev", "--now", "noon"}),
              "saldo: `--now` takes an instant with its offset, such as 2020-03-10T18:06:52+01:00, not `noon`.");
}

TEST_F(CommandLine, without_words_shows_what_there_is) {
    EXPECT_EQ(run({}), ExitCode::usage);
    EXPECT_THAT(err, StartsWith("Saldo: what a buyer owes"));
}

TEST_F(CommandLine, runs_the_sandbox_with_what_was_asked) {
    EXPECT_EQ(run({"dev", "--listen", "127.0.0.1:0", "--now", "2020-03-10T18:06:52.438+01:00", "--data", "d", "--demo",
                   "--json"}),
              ExitCode::ok);
    EXPECT_EQ(dev->listen, "127.0.0.1:0");
    EXPECT_EQ(foundation::utc_text(*dev->now), "2020-03-10T17:06:52.438Z");
    EXPECT_EQ(dev->data, "d");
    EXPECT_EQ(dev->demo, DevOptions::Demo::seeded);
    EXPECT_EQ(dev->ready, DevOptions::Ready::one_json_line);
    run({"dev"});
    EXPECT_EQ(dev->listen, "127.0.0.1:8080");
    EXPECT_FALSE(dev->now || dev->data);
    run({"serve", "--config", "saldo.toml"});
    EXPECT_EQ(serve->config, "saldo.toml");
}

TEST_F(CommandLine, turns_options_into_requests) {
    run({"shop", "add", "--partner", "P", "--shop", "s \"1\"", "--name", "fruits", "--data", "d"});
    run({"shop", "add", "--partner", "P", "--shop", "s", "--data", "d"});
    run({"shop", "rename", "--partner", "P", "--shop", "s", "--name", "n", "--data", "d"});
    run({"client", "add", "--partner", "P", "--data", "d"});
    run({"client", "add", "--operator", "--scope", "read", "--scope", "dun", "--data", "d"});
    run({"client", "revoke", "C", "--data", "d"});
    run({"subject", "erase", "T", "--yes", "--data", "d"});
    run({"key", "rotate", "--data", "d"});
    EXPECT_THAT(
        requests,
        ElementsAre(
            R"({"command":"shop.add","arguments":{"partner_id":"P","partner_shop_id":"s \"1\"","name":"fruits"}})",
            R"({"command":"shop.add","arguments":{"partner_id":"P","partner_shop_id":"s"}})",
            R"({"command":"shop.rename","arguments":{"partner_id":"P","partner_shop_id":"s","name":"n"}})",
            R"({"command":"client.add","arguments":{"partner_id":"P","kind":"api","scopes":[]}})",
            R"({"command":"client.add","arguments":{"kind":"operator","scopes":["read","dun"]}})",
            R"({"command":"client.revoke","arguments":{"client_id":"C"}})",
            R"({"command":"subject.erase","arguments":{"transaction_id":"T"}})",
            R"({"command":"key.rotate","arguments":{}})"));
}

class ContractFile : public CommandLine {
  protected:
    ContractFile() {
        char name[] = "/tmp/saldo-contract-XXXXXX";
        folder = ::mkdtemp(name);
        file = (folder / "contract.json").string();
    }
    ~ContractFile() override { std::filesystem::remove_all(folder); }
    std::filesystem::path folder;
    std::string file;
};

TEST_F(ContractFile, is_read_checked_and_sent_along) {
    run({"partner", "contract", "--example"});
    std::ofstream(file) << out;
    EXPECT_EQ(run({"partner", "add", "--name", "Fruit House", "--contract", file, "--data", "d", "--json"}),
              ExitCode::ok);
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_THAT(requests[0],
                StartsWith(R"({"command":"partner.add","arguments":{"name":"Fruit House","contract":{"version":1,)"));
}

TEST_F(ContractFile, that_is_wrong_names_every_place_and_is_not_sent) {
    std::ofstream(file) << R"({"zone": "Europe/Berlin", "curencies": []})";
    EXPECT_EQ(run({"partner", "contract", "P", "--set", file, "--data", "d"}), ExitCode::refused);
    EXPECT_THAT(err, HasSubstr("$.currencies is missing\n"));
    EXPECT_THAT(err, HasSubstr("$.curencies is not known here"));
    EXPECT_TRUE(requests.empty());
    EXPECT_EQ(run({"partner", "contract", "P", "--set", "/nowhere", "--data", "d"}), ExitCode::refused);
}

TEST_F(CommandLine, tells_people_in_words_and_programs_in_json) {
    reply = Reply::of(R"({"client_id":"C","client_secret":"S","kind":"api","partner_id":"P","scopes":[]})");
    run({"client", "add", "--partner", "P", "--data", "d"});
    EXPECT_THAT(out, StartsWith("client_id      C\nclient_secret  S\n"));
    run({"client", "add", "--partner", "P", "--data", "d", "--json"});
    EXPECT_EQ(out, reply.result + "\n");
}

TEST_F(CommandLine, ends_as_the_reply_says) {
    reply = Reply::refused("SHOP_EXISTS", "There is one.");
    EXPECT_EQ(run({"shop", "add", "--partner", "P", "--shop", "s", "--data", "d"}), ExitCode::refused);
    EXPECT_EQ(out, "");
    EXPECT_EQ(err, "saldo: There is one.\n");
    run({"shop", "add", "--partner", "P", "--shop", "s", "--data", "d", "--json"});
    EXPECT_EQ(err, "{\"error\":{\"code\":\"SHOP_EXISTS\",\"message\":\"There is one.\"}}\n");
    reply = Reply::failed("STORE_FAILED", "No disk.");
    EXPECT_EQ(run({"shop", "add", "--partner", "P", "--shop", "s", "--data", "d"}), ExitCode::failed);
}

TEST_F(CommandLine, needs_to_know_which_store) {
    EXPECT_EQ(run({"shop", "add", "--partner", "P", "--shop", "s"}), ExitCode::failed);
    EXPECT_EQ(err, "saldo: It is not said which store.\n");
}

TEST_F(CommandLine, asks_a_store_about_a_transaction) {
    run({"events", "T", "--data", "d", "--json"});
    EXPECT_EQ(out, "{\"asked\":\"events T\"}\n");
    run({"explain", "T", "--as-of", "2020-03-19", "--data", "d", "--json"});
    EXPECT_EQ(out, "{\"asked\":\"explain T on 2020-03-19\"}\n");
    run({"subject", "show", "T", "--data", "d", "--json"});
    EXPECT_EQ(out, "{\"asked\":\"subject T\"}\n");
    for (const Words& words : {Words{"events"}, {"explain"}, {"debits"}, {"subject", "show"}}) {
        Words asking = words;
        asking.insert(asking.end(), {"unknown", "--data", "d"});
        EXPECT_EQ(run(asking), ExitCode::refused);
        EXPECT_EQ(err, "saldo: There is no transaction of this id.\n");
    }
}

TEST_F(CommandLine, erases_nobody_without_a_yes) {
    EXPECT_EQ(run({"subject", "erase", "T", "--data", "d"}), ExitCode::usage);
    EXPECT_EQ(run({"subject", "erase", "T", "--data", "d"}, "no\n"), ExitCode::usage);
    EXPECT_TRUE(requests.empty());
    EXPECT_EQ(run({"subject", "erase", "T", "--data", "d"}, "T\n"), ExitCode::ok);
    EXPECT_EQ(requests.size(), 1U);
}

TEST_F(CommandLine, verify_ends_with_0_only_if_all_holds) {
    EXPECT_EQ(run({"verify", "--data", "d"}), ExitCode::ok);
    EXPECT_THAT(out, StartsWith("All holds: 9 events in 2 streams."));
    EXPECT_EQ(err, "");  // a bar is for terminals
    run({"verify", "--data", "d", "--json"});
    EXPECT_EQ(out, "{\"holds\":true,\"events\":9,\"streams\":2}\n");
    EXPECT_EQ(run({"verify", "--data", "d"}), ExitCode::ok);
    EXPECT_THAT(out, HasSubstr("cannot show: whether events were cut off the end of the log"));
    EXPECT_EQ(run({"verify", "--data", "d", "--anchor", "a"}), ExitCode::ok);
    EXPECT_THAT(out, HasSubstr("Up to 2020-03-10T17:06:52Z, when the anchor was made, nothing was cut off"));
    EmptyStore::verification.anchored_at.reset();
    EmptyStore::verification.fault = "In bucket 7: a gap.";
    EXPECT_EQ(run({"verify", "--data", "d"}), ExitCode::fault_found);
    EXPECT_THAT(out, HasSubstr("In bucket 7: a gap.\n"));
    EXPECT_EQ(run({"verify", "--data", "d", "--json"}), ExitCode::fault_found);
    EXPECT_EQ(out, "{\"holds\":false,\"events\":9,\"streams\":2,\"fault\":\"In bucket 7: a gap.\"}\n");
}

TEST_F(CommandLine, makes_copies_of_a_store) {
    reply = Reply::of(R"({"file":"/b","octets":4096})");
    EXPECT_EQ(run({"backup", "b", "--data", "d"}), ExitCode::ok);
    EXPECT_THAT(out, StartsWith("Backed up to /b: 4096 octets.\n"));
    reply = Reply::of(R"({"file":"/e","events":9,"streams":2,"digest":"00"})");
    EXPECT_EQ(run({"export", "e", "--data", "d"}), ExitCode::ok);
    EXPECT_EQ(out, "Exported to /e: 9 events in 2 streams.\n");
    EXPECT_EQ(run({"export", "e", "--data", "d", "--json"}), ExitCode::ok);
    EXPECT_EQ(out, reply.result + '\n');
    EXPECT_THAT(requests, ElementsAre("backup b", "export e", "export e"));
    EXPECT_EQ(err, "");  // a bar is for terminals
    EXPECT_EQ(run({"backup", "--data", "d"}), ExitCode::usage);
    EXPECT_EQ(err, "saldo: `saldo backup` needs TARGET, a new file.\n");
}

TEST_F(CommandLine, anchors_a_log_unless_its_chains_are_broken) {
    reply = Reply::of(R"({"file":"/a","made_at":"2020-03-10T17:06:52Z","events":9,"buckets":2})");
    EXPECT_EQ(run({"anchor", "a", "--data", "d"}), ExitCode::ok);
    EXPECT_THAT(out, StartsWith("Anchored in /a: 9 events in 2 buckets.\n"));
    reply = {.exit = ExitCode::fault_found, .result = R"({"fault":"In bucket 7."})"};
    EXPECT_EQ(run({"anchor", "a", "--data", "d"}), ExitCode::fault_found);
    EXPECT_EQ(out, "Nothing was signed: a chain is broken.\nIn bucket 7.\n");
}

TEST_F(CommandLine, says_of_a_backup_whether_it_can_be_restored) {
    reply = Reply::of(R"({"holds":true,"events":9,"streams":2})");
    EXPECT_EQ(run({"backup", "verify", "b", "--data", "d"}), ExitCode::ok);
    EXPECT_THAT(out, StartsWith("This backup can be restored: 9 events in 2 streams"));
    reply = {.exit = ExitCode::fault_found,
             .result = R"({"holds":false,"events":9,"streams":2,"fault":"In bucket 7."})"};
    EXPECT_EQ(run({"backup", "verify", "b", "--data", "d"}), ExitCode::fault_found);
    EXPECT_EQ(out, "This backup is damaged:\nIn bucket 7.\n");
}

TEST_F(CommandLine, brings_nobody_back_unasked) {
    reply = Reply::of(R"({"holds":true,"events":9,"streams":2,"erased_again":1,"data":"/d"})");
    EXPECT_EQ(run({"restore", "b", "--data", "d"}), ExitCode::usage);
    EXPECT_THAT(err, StartsWith("saldo: Who was erased since this copy was made?"));
    EXPECT_EQ(run({"import", "e", "--data", "d", "--no-erasures", "--erasures", "l"}), ExitCode::usage);
    EXPECT_TRUE(requests.empty());
    EXPECT_EQ(run({"restore", "--erasures", "l", "--erasures", "newer", "b", "--data", "d"}), ExitCode::ok);
    EXPECT_EQ(out, "A store was made in /d: 9 events in 2 streams, all verified; 1 erasures repeated.\n");
    EXPECT_EQ(run({"import", "e", "--data", "d", "--no-erasures"}), ExitCode::ok);
    listed_erasures = "listed";
    EXPECT_EQ(run({"restore", "b", "--config", "c"}), ExitCode::ok);
    EXPECT_EQ(run({"restore", "b", "--config", "c", "--no-erasures"}), ExitCode::ok);
    EXPECT_THAT(requests,
                ElementsAre("restore b without l without newer", "import e", "restore b without listed", "restore b"));
}

TEST_F(CommandLine, makes_nothing_from_a_damaged_copy) {
    reply = {.exit = ExitCode::fault_found,
             .result = R"({"holds":false,"events":9,"streams":2,"fault":"In bucket 7."})"};
    EXPECT_EQ(run({"restore", "b", "--data", "d", "--no-erasures"}), ExitCode::fault_found);
    EXPECT_EQ(out, "Nothing was made: the copy is damaged.\nIn bucket 7.\n");
}

TEST_F(CommandLine, lists_routes_and_prints_settings) {
    run({"routes", "--json"});
    EXPECT_EQ(out, "[{\"method\":\"GET\",\"path\":\"/a/{id}\"}]\n");
    run({"settings", "--example"});
    EXPECT_EQ(out, "data = \"x\"\n");
}

TEST_F(CommandLine, lists_deliveries_with_their_last_attempt) {
    EXPECT_EQ(run({"webhook", "list", "--data", "/d", "--session", "S1", "--state", "GIVEN_UP"}), ExitCode::ok);
    EXPECT_EQ(EmptyStore::asked.session_id, "S1");
    EXPECT_EQ(EmptyStore::asked.state, service::DeliveryState::given_up);
    EXPECT_THAT(out, HasSubstr("D1        S1       COMPLETED  GIVEN_UP         2  2026-06-05T15:41:39Z  TIMED_OUT\n"));
    EXPECT_EQ(run({"webhook", "list", "--data", "/d", "--state", "LOST"}), ExitCode::usage);
    EXPECT_THAT(err, HasSubstr("`--state` is WAITING, DELIVERED or GIVEN_UP, not `LOST`."));
}

TEST_F(CommandLine, webhook_commands_say_what_the_server_is_to_do) {
    run({"webhook", "send", "D1", "--data", "/d"});
    run({"webhook", "secret", "--partner", "P1", "--at-once", "--data", "/d"});
    run({"webhook", "reach", "--partner", "P1", "--private-addresses", "--data", "/d"});
    EXPECT_THAT(requests,
                ElementsAre(R"({"command":"webhook.send","arguments":{"delivery_id":"D1"}})",
                            R"({"command":"webhook.secret","arguments":{"partner_id":"P1","at_once":true}})",
                            R"({"command":"webhook.reach","arguments":{"partner_id":"P1","private_addresses":true,)"
                            R"("plain_http":false}})"));
}

}  // namespace

}  // namespace saldo::cli
