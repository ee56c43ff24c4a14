#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "reading.hpp"
#include "story.hpp"
#include "worlds.hpp"

namespace saldo::scenarios {
namespace {

std::vector<std::filesystem::path> story_files() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(SALDO_SCENARIOS))
        if (entry.path().extension() == ".case") files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

Shops shops_in(const Story& story) {
    std::set<std::string> named;
    for (const Step& step : story.steps)
        if (const auto* authorise = std::get_if<ledger::Authorise>(&step.what))
            for (const ledger::RequestedBasket& basket : authorise->baskets)
                if (basket.shop_id) named.insert(*basket.shop_id);
    if (named.empty()) return {"partner-shop-id-1"};
    return {named.begin(), named.end()};
}

void play(const Story& story, World& world) {
    for (const Step& step : story.steps) {
        SCOPED_TRACE(story.name + ".case:" + std::to_string(step.line));
        if (const auto* authorise = std::get_if<ledger::Authorise>(&step.what)) {
            EXPECT_EQ(world.authorise(step.at, *authorise), step.refusal);
        } else if (const auto* command = std::get_if<ledger::Command>(&step.what)) {
            EXPECT_EQ(world.operate(step.at, *command), step.refusal);
        } else {
            const auto& expectation = std::get<Expectation>(step.what);
            const ledger::Transaction transaction = world.read(step.at);
            const projection::Reading reading{.as_of = expectation.as_of.value_or(transaction.zone().day_of(step.at)),
                                              .include = projection::Include::everything()};
            const Summary summary = summary_of(projection::transaction_status(transaction, reading),
                                               projection::order_status(transaction, reading));
            EXPECT_EQ(summary.contradictions, std::vector<std::string>{});
            for (const std::string& line : expectation.lines) {
                const std::string first_word = line.substr(0, line.find(' ') + 1);
                const auto said =
                    std::ranges::find_if(summary.lines, [&](const auto& one) { return one.starts_with(first_word); });
                ASSERT_NE(said, summary.lines.end()) << "documents say nothing of '" << first_word << "'";
                EXPECT_EQ(*said, line);
            }
        }
    }
}

class Scenario : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Scenario, comes_true_in_the_pure_ledger) {
    const Story story = read_story(GetParam());
    play(story, *pure_world(shops_in(story), story.contract));
}

TEST_P(Scenario, comes_true_on_a_log_in_memory) {
    const Story story = read_story(GetParam());
    play(story, *memory_world(shops_in(story), story.contract));
}

TEST_P(Scenario, comes_true_on_a_log_of_sqlite) {
    const Story story = read_story(GetParam());
    play(story, *sqlite_world(shops_in(story), story.contract));
}

/// What crosses our border, byte for byte: the examples of the API's pages. SALDO_ACCEPT=1 writes them anew; the diff
/// is reviewed.
TEST_P(Scenario, gives_the_examples_byte_for_byte) {
    const Story story = read_story(GetParam());
    const std::filesystem::path examples = std::filesystem::path(SALDO_SCENARIOS) / "../../api/examples";
    const auto compare = [&](const std::string& name, const std::string& document) {
        const std::filesystem::path file = examples / (name + ".json");
        if (std::getenv("SALDO_ACCEPT")) {
            std::filesystem::create_directories(examples);
            std::ofstream(file, std::ios::binary) << document << '\n';
        }
        std::ifstream in(file, std::ios::binary);
        const std::string stored{std::istreambuf_iterator<char>(in), {}};
        EXPECT_EQ(document + "\n", stored) << file;
    };
    const auto world = pure_world(shops_in(story), story.contract);
    for (const Step& step : story.steps) {
        if (const auto* authorise = std::get_if<ledger::Authorise>(&step.what)) {
            world->authorise(step.at, *authorise);
        } else if (const auto* command = std::get_if<ledger::Command>(&step.what)) {
            world->operate(step.at, *command);
        } else if (const auto& expectation = std::get<Expectation>(step.what); !expectation.golden.empty()) {
            const ledger::Transaction transaction = world->read(step.at);
            const projection::Reading reading{.as_of = transaction.zone().day_of(step.at),
                                              .include = projection::Include::everything()};
            compare("transaction-status-" + expectation.golden, projection::transaction_status(transaction, reading));
            compare("order-status-" + expectation.golden, projection::order_status(transaction, reading));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Stories, Scenario, testing::ValuesIn(story_files()), [](const auto& story) {
    std::string name = story.param.stem().string();
    std::ranges::replace(name, '-', '_');
    return name;
});

}  // namespace
}  // namespace saldo::scenarios
