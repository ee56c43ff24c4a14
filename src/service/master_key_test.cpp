#include "service/master_key.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "foundation/digest.hpp"
#include "service/fake_secrets.hpp"

namespace saldo::service {

namespace {

const std::string digits = foundation::hex(foundation::bytes_of(foundation::sha256("a key")));

std::string complaint_about(const std::string& text) {
    try {
        master_key_of(text, "SALDO_MASTER_KEY");
        return "";
    } catch (const MasterKeyUnusable& unusable) {
        return unusable.what();
    }
}

TEST(MasterKey, is_64_hexadecimal_digits) {
    EXPECT_EQ(foundation::hex(master_key_of(digits, "").bytes()), digits);
    EXPECT_EQ(complaint_about(" " + digits + "\r\n"), "");
    for (const std::string& bad : {std::string(), std::string("secret"), digits.substr(2), digits + "00", digits + "0"})
        EXPECT_EQ(complaint_about(bad),
                  "The master key in SALDO_MASTER_KEY is not 64 hexadecimal digits; `saldo key new FILE` makes one.");
}

TEST(MasterKey, that_was_typed_by_hand_is_refused) {
    std::string sequence;
    for (char i = 0; i < 32; ++i) sequence += i;
    for (const std::string& bytes : {std::string(32, '\0'), std::string(32, '\x11'), sequence})
        EXPECT_EQ(complaint_about(foundation::hex(bytes)),
                  "The master key in SALDO_MASTER_KEY can be guessed; `saldo key new FILE` makes one that cannot.");
}

class MasterKeyFile : public ::testing::Test {
  protected:
    MasterKeyFile() {
        char name[] = "/tmp/saldo-key-XXXXXX";
        folder = ::mkdtemp(name);
        file = folder / "master.key";
    }
    ~MasterKeyFile() override { std::filesystem::remove_all(folder); }

    std::filesystem::path folder, file;
    DrawnBytes random;
};

TEST_F(MasterKeyFile, is_made_for_its_owner_alone_and_read_back) {
    make_master_key(file, random);
    struct stat status{};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    DrawnBytes same;
    EXPECT_EQ(read_master_key(file).bytes(), same.bytes(32));
}

TEST_F(MasterKeyFile, that_is_there_is_never_overwritten) {
    make_master_key(file, random);
    const std::string before(read_master_key(file).bytes());
    EXPECT_THROW(make_master_key(file, random), MasterKeyUnusable);
    EXPECT_EQ(read_master_key(file).bytes(), before);
}

TEST_F(MasterKeyFile, that_others_can_read_is_refused) {
    make_master_key(file, random);
    for (const mode_t mode : {0640U, 0604U, 0602U}) {
        ASSERT_EQ(::chmod(file.c_str(), mode), 0);
        EXPECT_THROW(read_master_key(file), MasterKeyUnusable);
    }
    ASSERT_EQ(::chmod(file.c_str(), 0400), 0);
    EXPECT_NO_THROW(read_master_key(file));
}

TEST_F(MasterKeyFile, that_is_missing_or_a_folder_is_refused) {
    EXPECT_THROW(read_master_key(file), MasterKeyUnusable);
    EXPECT_THROW(read_master_key(folder), MasterKeyUnusable);
    EXPECT_THROW(make_master_key(folder / "no" / "where", random), MasterKeyUnusable);
}

TEST(StoreSecrets, lie_in_the_store_wrapped_only) {
    SecretsAlone store;
    StoreSecrets secrets(store, master_key_of(digits, ""));
    secrets.put("signing_key/1", "a very private key");
    EXPECT_EQ(secrets.find("signing_key/1"), "a very private key");
    EXPECT_EQ(store.kept["signing_key/1"].find("private"), std::string::npos);
    EXPECT_FALSE(secrets.find("signing_key/2"));
}

TEST(StoreSecrets, cannot_be_put_in_each_others_place) {
    SecretsAlone store;
    StoreSecrets secrets(store, master_key_of(digits, ""));
    secrets.put("a", "secret of a");
    store.kept["b"] = store.kept["a"];
    EXPECT_THROW(secrets.find("b"), MasterKeyUnusable);
}

TEST(StoreSecrets, id_secret_is_made_once_and_stays) {
    SecretsAlone store;
    DrawnBytes random;
    EXPECT_TRUE(StoreSecrets(store, master_key_of(digits, "")).is_new());
    const std::string made = StoreSecrets(store, master_key_of(digits, "")).id_secret(random);
    EXPECT_FALSE(StoreSecrets(store, master_key_of(digits, "")).is_new());
    EXPECT_EQ(made.size(), 32U);
    EXPECT_EQ(StoreSecrets(store, master_key_of(digits, "")).id_secret(random), made);
}

TEST(StoreSecrets, of_another_master_key_are_refused_at_once) {
    SecretsAlone store;
    DrawnBytes random;
    StoreSecrets(store, master_key_of(digits, "")).id_secret(random);
    const std::string other = foundation::hex(foundation::bytes_of(foundation::sha256("another key")));
    EXPECT_THROW(StoreSecrets(store, master_key_of(other, "")), MasterKeyUnusable);
}

TEST(StoreSecrets, of_a_sandbox_stay_marked) {
    SecretsAlone store;
    StoreSecrets secrets(store, master_key_of(digits, ""));
    EXPECT_FALSE(secrets.sandbox_mark());
    secrets.mark_as_sandbox("what it printed");
    EXPECT_EQ(StoreSecrets(store, master_key_of(digits, "")).sandbox_mark(), "what it printed");
}

}  // namespace

}  // namespace saldo::service
