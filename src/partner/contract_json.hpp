#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foundation/json.hpp"
#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"
#include "terms/contract.hpp"

namespace saldo::partner {

/// One place of a JSON text that is not what it should be.
struct Malformed {
    std::string path;  ///< `$.currencies[0].max`
    std::string what;  ///< `is missing`, `is no amount of EUR: "10.001"`
    bool operator==(const Malformed&) const = default;
};
/// One line for each: `$.zone is missing`.
std::string text_of(const std::vector<Malformed>& faults);

void write(foundation::JsonWriter& out, const terms::Contract& contract);
/// The contract as JSON, the form that `contract_of` reads.
std::string contract_json(const terms::Contract& contract);

/// Reads a contract and names everything that is wrong with it. Names it does not know are refused, so that a slip of
/// the pen does not pass for a default. What may be left out has the default of `terms::Contract`:
/// `deviating_deliveries`, `shop_baskets_max`, `expiry_days`, `expiry_days_max`, `return_fees`,
/// `increment_percent_max`, `part_payment`, `deposit_account`, `direct_debit`, `pay_later`, `instalments`,
/// `credit_regime`, `creditor`, `late_payment`, `country`; and `version`, which is 0 then.
foundation::Outcome<terms::Contract, std::vector<Malformed>> contract_of(foundation::JsonValue json,
                                                                         std::string_view path = "$");
/// The same from a text, with what `terms::faults_of` finds in the whole.
foundation::Outcome<terms::Contract, std::vector<Malformed>> parse_contract(std::string_view text);

}  // namespace saldo::partner
