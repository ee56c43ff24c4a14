#include "ledger/erasure.hpp"

#include "ledger/text_eraser.hpp"

namespace saldo::ledger {

void erase_texts(Transaction& transaction) {
    TextEraser eraser;
    eraser.erase(transaction.authorisation);
    if (transaction.verification) eraser.erase(transaction.verification->newest);
    for (BasketChange& change : transaction.changes) std::visit([&](auto& what) { eraser.erase(what); }, change.what);
    for (auto& one : transaction.shipping_informations) eraser.erase(one.what);
    for (auto& one : transaction.settlements) eraser.erase(one.what);
    for (auto& one : transaction.fees) eraser.erase(one.what);
    if (transaction.withdrawal) eraser.erase(transaction.withdrawal->what);
    if (transaction.pay_later_withdrawal) eraser.erase(transaction.pay_later_withdrawal->what);
    for (auto& one : transaction.dunning_levels) eraser.erase(one.what);
    for (auto& one : transaction.dunning_blocks) std::visit([&](auto& what) { eraser.erase(what); }, one.what);
}

}  // namespace saldo::ledger
