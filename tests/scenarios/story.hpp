#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/command.hpp"
#include "terms/contract.hpp"

namespace saldo::scenarios {

/// A read of both documents, and the lines it must give.
struct Expectation {
    std::optional<foundation::Day> as_of;
    std::string golden;  ///< name of the files in api/examples that hold both documents; empty: none
    std::vector<std::string> lines;
};

/// One step of a story: something is asked for, or read.
struct Step {
    int line = 0;  ///< in the file
    foundation::Instant at;
    std::variant<ledger::Authorise, ledger::Command, Expectation> what;
    std::string shop_transaction_id;  ///< of the baskets of an authorisation
    std::string refusal;              ///< the reason that the step must be refused with; empty: it goes through
};

/// A life of one purchase. See README.md for how it is written.
struct Story {
    std::string name;
    terms::Contract contract = terms::demo_contract();  ///< under which it is played
    std::vector<Step> steps;
};

/// Throws std::runtime_error naming file and line.
Story read_story(const std::filesystem::path& file);

}  // namespace saldo::scenarios
