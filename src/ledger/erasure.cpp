#include "ledger/erasure.hpp"

#include "ledger/event_fields.hpp"

namespace saldo::ledger {

namespace {

/// Walks over everything that `fields` names and erases what is sealed.
class Eraser {
  public:
    static constexpr bool reads = true;

    template <class Value>
    void operator()(std::string_view, Value& value) {
        erase(value);
    }

    void erase(Sealed& sealed) { sealed = Sealed::erased(); }
    template <class Value>
    void erase(std::optional<Value>& value) {
        if (value) erase(*value);
    }
    template <class Value>
    void erase(std::vector<Value>& values) {
        for (Value& value : values) erase(value);
    }
    template <class Value>
    void erase(Value& value) {
        if constexpr (requires(Eraser eraser) { fields(eraser, value); }) fields(*this, value);
    }
};

}  // namespace

void erase_texts(Transaction& transaction) {
    Eraser eraser;
    eraser.erase(transaction.authorisation);
    for (BasketChange& change : transaction.changes) std::visit([&](auto& what) { eraser.erase(what); }, change.what);
    for (auto& one : transaction.shipping_informations) eraser.erase(one.what);
    for (auto& one : transaction.settlements) eraser.erase(one.what);
    for (auto& one : transaction.fees) eraser.erase(one.what);
    for (auto& one : transaction.dunning_levels) eraser.erase(one.what);
    for (auto& one : transaction.dunning_blocks) std::visit([&](auto& what) { eraser.erase(what); }, one.what);
}

}  // namespace saldo::ledger
