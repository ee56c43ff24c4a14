#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "service/event_store.hpp"
#include "service/random.hpp"
#include "subject/sealing.hpp"

namespace saldo::service {

/// A secret that the settings name cannot be used. One sentence for the operator, with what to do.
class SecretUnusable : public std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// There is no master key that can be used.
class MasterKeyUnusable : public SecretUnusable {
    using SecretUnusable::SecretUnusable;
};

/// What is in a file that its owner alone may read, without blanks around it; at most 4,096 bytes. `what` begins the
/// sentence of a failure: "The master key file". Throws SecretUnusable.
std::string read_secret(const std::filesystem::path& file, std::string_view what);

/// The master key wraps every other secret of a store; it is kept outside of it. It is written as 64 hexadecimal
/// digits. `where` names the place it came from for the operator. Throws MasterKeyUnusable, also for a key that was
/// typed by hand rather than drawn (all bytes alike, a sequence).
subject::Key master_key_of(std::string_view digits, std::string_view where);
/// From a file that its owner alone may read. Throws MasterKeyUnusable.
subject::Key read_master_key(const std::filesystem::path& file);
/// Draws a key into a new file (0600), durably. Throws MasterKeyUnusable if the file is there or cannot be written.
void make_master_key(const std::filesystem::path& file, Random& random);

/// The secrets of one store under its master key, by name: `id_secret`, signing keys. Used from one thread at a time.
class StoreSecrets {
  public:
    /// Throws MasterKeyUnusable when the store was made under another master key.
    StoreSecrets(EventStore& store, subject::Key master_key);

    const subject::Key& master_key() const { return master_key_; }

    std::optional<std::string> find(std::string_view name);
    void put(std::string_view name, std::string_view secret);
    void remove(std::string_view name) { store_.remove_secret(name); }
    std::vector<std::string> names(std::string_view prefix) { return store_.secret_names(prefix); }

    /// The key from which ids are derived: made once per store, never changed, moved with the data.
    std::string id_secret(Random& random);

    /// A sandbox leaves its mark on the store it makes, so that production never serves it: its secrets were printed.
    /// The mark holds what it printed, so that it can do so again.
    std::optional<std::string> sandbox_mark() { return find(sandbox_name); }
    void mark_as_sandbox(std::string_view printed) { put(sandbox_name, printed); }
    /// Whether anything was ever kept here.
    bool is_new() { return !find(id_secret_name); }

  private:
    static constexpr std::string_view id_secret_name = "id_secret";
    static constexpr std::string_view sandbox_name = "sandbox";

    EventStore& store_;
    subject::Key master_key_;
};

}  // namespace saldo::service
