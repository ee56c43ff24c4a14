#include "service/master_key.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "foundation/digest.hpp"

namespace saldo::service {

namespace {

constexpr std::size_t id_secret_size = 32;

std::string why() {
    return std::system_category().message(errno);
}

/// Closes on the way out.
class OpenFile {
  public:
    explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
    ~OpenFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    explicit operator bool() const { return descriptor_ >= 0; }
    int descriptor() const { return descriptor_; }

  private:
    int descriptor_;
};

/// A drawn key has all of its bytes' differences alike once in 2^240 times.
bool was_typed_by_hand(std::string_view bytes) {
    for (std::size_t i = 2; i < bytes.size(); ++i)
        if (static_cast<unsigned char>(bytes[i] - bytes[i - 1]) != static_cast<unsigned char>(bytes[1] - bytes[0]))
            return false;
    return true;
}

std::string_view without_blanks_around(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// A secret is bound to its name: one cannot be put in another's place.
std::string context_of(std::string_view name) {
    return "secret/" + std::string(name);
}

void sync_folder_of(const std::filesystem::path& file) {
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
    const OpenFile open_folder(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (open_folder) ::fsync(open_folder.descriptor());
}

}  // namespace

subject::Key master_key_of(std::string_view digits, std::string_view where) {
    const auto bytes = foundation::from_hex(without_blanks_around(digits));
    const auto key = bytes ? subject::Key::of(*bytes) : std::nullopt;
    if (!key)
        throw MasterKeyUnusable("The master key in " + std::string(where) +
                                " is not 64 hexadecimal digits; `saldo key new FILE` makes one.");
    if (was_typed_by_hand(*bytes))
        throw MasterKeyUnusable("The master key in " + std::string(where) +
                                " can be guessed; `saldo key new FILE` makes one that cannot.");
    return *key;
}

std::string read_secret(const std::filesystem::path& file, std::string_view what) {
    const std::string named = std::string(what) + ' ' + file.string();
    const OpenFile open_file(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!open_file) throw SecretUnusable(named + " cannot be read (" + why() + ").");
    struct stat status{};
    if (::fstat(open_file.descriptor(), &status) != 0 || !S_ISREG(status.st_mode))
        throw SecretUnusable(named + " is no regular file.");
    if ((status.st_mode & 077) != 0)
        throw SecretUnusable(named + " can be read by others than its owner; `chmod 600 " + file.string() +
                             "` ends that.");
    std::array<char, 4096> text{};
    const ssize_t size = ::read(open_file.descriptor(), text.data(), text.size());
    if (size < 0) throw SecretUnusable(named + " cannot be read (" + why() + ").");
    return std::string(without_blanks_around({text.data(), static_cast<std::size_t>(size)}));
}

subject::Key read_master_key(const std::filesystem::path& file) {
    try {
        return master_key_of(read_secret(file, "The master key file"), file.string());
    } catch (const MasterKeyUnusable&) {
        throw;
    } catch (const SecretUnusable& unusable) {
        std::string sentence = unusable.what();
        std::error_code ignored;
        if (!std::filesystem::exists(file, ignored)) {
            sentence.pop_back();
            sentence += "; `saldo key new " + file.string() + "` makes one.";
        }
        throw MasterKeyUnusable(sentence);
    }
}

void make_master_key(const std::filesystem::path& file, Random& random) {
    const OpenFile open_file(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!open_file) {
        if (errno == EEXIST)
            throw MasterKeyUnusable("The file " + file.string() +
                                    " is there already and is left as it is: without its key a store is lost.");
        throw MasterKeyUnusable("The master key file " + file.string() + " cannot be made (" + why() + ").");
    }
    const std::string text = foundation::hex(random.bytes(subject::Key::size)) + '\n';
    const bool written = ::write(open_file.descriptor(), text.data(), text.size()) == std::ssize(text) &&
                         ::fsync(open_file.descriptor()) == 0;
    if (!written)
        throw MasterKeyUnusable("The master key file " + file.string() + " cannot be written (" + why() + ").");
    sync_folder_of(file);
}

StoreSecrets::StoreSecrets(EventStore& store, subject::Key master_key) : store_(store), master_key_(master_key) {
    find(id_secret_name);
}

std::optional<std::string> StoreSecrets::find(std::string_view name) {
    const auto wrapped = store_.secret(name);
    if (!wrapped) return std::nullopt;
    auto secret = subject::open(master_key_, context_of(name), *wrapped);
    if (!secret)
        throw MasterKeyUnusable("The master key does not open this store's secret `" + std::string(name) +
                                "`: the store was made under another one.");
    return secret;
}

void StoreSecrets::put(std::string_view name, std::string_view secret) {
    store_.put_secret(name, subject::seal(master_key_, context_of(name), secret));
}

std::string StoreSecrets::id_secret(Random& random) {
    if (auto secret = find(id_secret_name)) return *secret;
    std::string secret = random.bytes(id_secret_size);
    put(id_secret_name, secret);
    return secret;
}

}  // namespace saldo::service
