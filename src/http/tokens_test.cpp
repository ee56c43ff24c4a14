#include "http/tokens.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>

#include "foundation/base64.hpp"
#include "foundation/json.hpp"
#include "http/sign_in_stage.hpp"

namespace saldo::http {
namespace {

using namespace std::chrono_literals;
using foundation::base64url;
using foundation::Instant;

enum class Padding { pkcs1, pss };

/// A signature of the test key, made without the code under test.
std::string signature_of(std::string_view text, Padding padding) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> pem(
        BIO_new_mem_buf(test_key_pem.data(), static_cast<int>(test_key_pem.size())), BIO_free);
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        PEM_read_bio_PrivateKey(pem.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_PKEY_CTX* options = nullptr;
    EVP_DigestSignInit(context.get(), &options, EVP_sha256(), nullptr, key.get());
    if (padding == Padding::pss) {
        EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
    }
    std::string signature(256, '\0');
    std::size_t size = signature.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    return signature;
}

std::string signed_by_test_key(std::string_view header, std::string_view claims, Padding padding = Padding::pkcs1) {
    const std::string text = base64url(header) + '.' + base64url(claims);
    return text + '.' + base64url(signature_of(text, padding));
}

std::string header_with(std::string_view alg, std::string_view more = "") {
    return R"({"alg":")" + std::string(alg) + R"(","typ":"at+jwt","kid":")" + std::string(test_key_kid) + '"' +
           std::string(more) + '}';
}

/// The text with one occurrence of `from` replaced; it must be there.
std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::logic_error("not there: " + std::string(from));
    return text.replace(at, from.size(), to);
}

const std::string good_header = header_with("RS256");
const std::string good_claims =
    R"({"iss":"https://pay.example","aud":"https://api.ratepay.com/transaction/management","sub":"shop",)"
    R"("client_id":"shop","partner_id":"FRUITS","iat":1777982400,"exp":1777984200,"jti":"one"})";

class TokensTest : public ::testing::Test {
  protected:
    Outcome<TokenClaims, TokenFault> verify(std::string_view token) const {
        return verify_token(token, keys_, test_issuer, stage_.now);
    }
    std::string fault_of(std::string_view token) const {
        const auto claims = verify(token);
        return claims ? "none" : std::string(name_of(claims.error()));
    }
    std::string fault_of_claims(std::string_view claims) const {
        return fault_of(signed_by_test_key(good_header, claims));
    }
    std::string fault_of_header(std::string_view header) const {
        return fault_of(signed_by_test_key(header, good_claims));
    }

    SignInStage stage_;
    SigningKeys keys_{stage_.secrets, stage_.now};
};

TEST_F(TokensTest, are_json_web_tokens_with_the_claims_of_rfc_9068) {
    const std::string token = sign_token(stage_.claims(), keys_.signer(stage_.now));
    EXPECT_EQ(token, signed_by_test_key(good_header, good_claims));
}

TEST_F(TokensTest, say_what_they_were_made_to_say) {
    TokenClaims claims = stage_.claims();
    EXPECT_EQ(verify(sign_token(claims, keys_.signer(stage_.now))), claims);
    claims.partner_id = partner::every_partner;
    claims.scopes = {partner::Scope::read, partner::Scope::dun};
    EXPECT_EQ(verify(sign_token(claims, keys_.signer(stage_.now))), claims);
}

TEST_F(TokensTest, have_an_id_of_128_random_bits) {
    EXPECT_EQ(new_token_id(stage_.random).size(), 22U);
    EXPECT_NE(new_token_id(stage_.random), new_token_id(stage_.random));
}

TEST_F(TokensTest, are_three_parts_of_base64url_without_padding) {
    const std::string token = signed_by_test_key(good_header, good_claims);
    const auto first = token.find('.');
    const auto second = token.rfind('.');
    ASSERT_EQ(fault_of(token), "none");
    const std::string unsigned_token = token.substr(0, second);
    const std::string claimless = token.substr(0, first) + token.substr(second);
    for (const std::string& bad :
         {std::string(), std::string("."), std::string(".."), unsigned_token, claimless, token + ".", "." + token,
          token + "=", token + " ", " " + token, token + "\n", replaced(token, ".", ". "), replaced(token, ".", "=.")})
        EXPECT_NE(fault_of(bad), "none") << bad;
    // The last of 342 characters has four bits to spare; another text for the same signature is another token.
    std::string other_spelling = token;
    other_spelling.back() = static_cast<char>(other_spelling.back() + 1);
    EXPECT_EQ(fault_of(other_spelling), "not_three_parts");
}

TEST_F(TokensTest, are_at_most_8_kib_long) {
    const auto with_id_of = [&](std::size_t size) {
        return signed_by_test_key(good_header, replaced(good_claims, "\"one\"", '"' + std::string(size, 'x') + '"'));
    };
    const std::size_t around = with_id_of(0).size();
    const std::size_t largest = (token_bytes_max - around) / 4 * 3;
    EXPECT_LE(with_id_of(largest).size(), token_bytes_max);
    EXPECT_EQ(fault_of(with_id_of(largest)), "none");
    EXPECT_EQ(fault_of(with_id_of(largest + 4)), "too_large");
}

TEST_F(TokensTest, are_signed_by_rs256_alone) {
    EXPECT_EQ(fault_of(signed_by_test_key(header_with("PS256"), good_claims, Padding::pss)), "wrong_algorithm");
    for (const char* alg : {"none", "None", "NONE", "nOnE", "rs256", "RS384", "ES256", ""}) {
        const std::string text = base64url(header_with(alg)) + '.' + base64url(good_claims);
        EXPECT_EQ(fault_of(text + '.'), "wrong_algorithm") << alg;
        EXPECT_EQ(fault_of(text + '.' + base64url(signature_of(text, Padding::pkcs1))), "wrong_algorithm") << alg;
    }
    EXPECT_EQ(fault_of_header(replaced(good_header, "\"RS256\"", "[\"RS256\"]")), "wrong_algorithm");
    EXPECT_EQ(fault_of_header(replaced(good_header, "\"alg\":\"RS256\",", "")), "wrong_algorithm");
}

TEST_F(TokensTest, say_that_they_are_access_tokens) {
    for (const char* type : {"AT+JWT", "application/at+jwt", "Application/At+Jwt"})
        EXPECT_EQ(fault_of_header(replaced(good_header, "at+jwt", type)), "none") << type;
    for (const char* type : {"JWT", "", "at+jwt ", "application/", "application/jwt", "text/at+jwt", "xat+jwt"})
        EXPECT_EQ(fault_of_header(replaced(good_header, "at+jwt", type)), "wrong_type") << type;
    EXPECT_EQ(fault_of_header(replaced(good_header, "\"typ\":\"at+jwt\",", "")), "wrong_type");
}

TEST_F(TokensTest, say_nothing_else_in_their_header) {
    for (const char* more : {R"(,"crit":["exp"])", R"(,"crit":[])", R"(,"jku":"https://evil.example/keys")",
                             R"(,"x5u":"https://evil.example")", R"(,"jwk":{"kty":"RSA","e":"AQAB","n":"AQAB"})",
                             R"(,"x5c":["MIIB"])", R"(,"b64":false)", R"(,"zip":"DEF")"})
        EXPECT_EQ(fault_of_header(header_with("RS256", more)), "unknown_header_member") << more;
}

TEST_F(TokensTest, are_signed_by_a_key_we_know) {
    EXPECT_EQ(fault_of_header(replaced(good_header, std::string(test_key_kid), "another")), "unknown_key");
    EXPECT_EQ(fault_of_header(replaced(good_header, '"' + std::string(test_key_kid) + '"', "1")), "unknown_key");
    EXPECT_EQ(fault_of_header(R"({"alg":"RS256","typ":"at+jwt"})"), "unknown_key");
}

TEST_F(TokensTest, hold_after_a_rotation_until_they_expire) {
    const std::string token = signed_by_test_key(good_header, good_claims);
    keys_.rotate(stage_.now - SigningKeys::lead);  // from now on the new key signs
    EXPECT_NE(keys_.signer(stage_.now).kid(), test_key_kid);
    stage_.now += token_life - 1s;
    EXPECT_EQ(fault_of(token), "none");
}

TEST_F(TokensTest, that_were_changed_do_not_hold) {
    const std::string token = signed_by_test_key(good_header, good_claims);
    const std::string forged = replaced(good_claims, "FRUITS", "OTHERS");
    EXPECT_EQ(fault_of(replaced(token, base64url(good_claims), base64url(forged))), "wrong_signature");
    EXPECT_EQ(fault_of(token.substr(0, token.rfind('.') + 1)), "wrong_signature");
    EXPECT_EQ(fault_of(token.substr(0, token.size() - 2)), "wrong_signature");
}

TEST_F(TokensTest, have_every_claim_in_its_type) {
    for (const char* claim : {"iss", "aud", "sub", "client_id", "partner_id", "iat", "exp", "jti"}) {
        const std::string name = '"' + std::string(claim) + "\":";
        EXPECT_EQ(fault_of_claims(replaced(good_claims, name, "\"x\":")), "malformed_claims") << claim;
        EXPECT_EQ(fault_of_claims(replaced(good_claims, name, name + "null,\"x\":")), "malformed_claims") << claim;
        EXPECT_EQ(fault_of_claims(replaced(good_claims, name, name + "{},\"x\":")), "malformed_claims") << claim;
        EXPECT_EQ(fault_of_claims(replaced(good_claims, name, name + "\"\",\"x\":")), "malformed_claims") << claim;
    }
    for (const char* date : {"1777984200.5", "1.7e9", "-1", "\"1777984200\"", "true", "99999999999999999999", "9e18",
                             "9223372036854775807"})
        EXPECT_EQ(fault_of_claims(replaced(good_claims, "1777984200", date)), "malformed_claims") << date;
    EXPECT_EQ(fault_of_claims(replaced(good_claims, R"("sub":"shop")", R"("sub":"other")")), "malformed_claims");
    EXPECT_EQ(fault_of_claims(replaced(good_claims, "}", R"(,"scope":["read"]})")), "malformed_claims");
    EXPECT_EQ(fault_of_claims(replaced(good_claims, "}", R"(,"scope":"everything"})")), "malformed_claims");
    EXPECT_EQ(fault_of_claims(replaced(good_claims, "}", R"(,"nbf":"now"})")), "malformed_claims");
    EXPECT_EQ(fault_of_claims("[]"), "malformed_claims");
    EXPECT_EQ(fault_of_claims(""), "malformed_claims");
    EXPECT_EQ(fault_of_claims(good_claims + " x"), "malformed_claims");
}

TEST_F(TokensTest, say_nothing_twice) {
    EXPECT_EQ(fault_of_claims(replaced(good_claims, "}", R"(,"partner_id":"OTHERS"})")), "malformed_claims");
    EXPECT_EQ(fault_of_header(header_with("RS256", R"(,"alg":"none")")), "malformed_header");
    EXPECT_EQ(fault_of_header(header_with("RS256", R"(,"\u0061lg":"none")")), "malformed_header");
}

TEST_F(TokensTest, are_of_our_own_making) {
    EXPECT_EQ(fault_of_claims(replaced(good_claims, "https://pay.example", "https://pay.example/")), "wrong_issuer");
}

TEST_F(TokensTest, hold_from_their_first_to_their_last_second_give_or_take_the_skew_of_two_clocks) {
    const std::string token = signed_by_test_key(good_header, good_claims);
    const Instant issued_at = stage_.now;
    const auto fault_at = [&](Instant now) {
        stage_.now = now;
        return fault_of(token);
    };
    EXPECT_EQ(fault_at(issued_at - 5s - 1us), "not_valid_yet");
    EXPECT_EQ(fault_at(issued_at - 5s), "none");
    EXPECT_EQ(fault_at(issued_at + 1800s + 5s - 1us), "none");
    EXPECT_EQ(fault_at(issued_at + 1800s + 5s), "expired");
}

TEST_F(TokensTest, that_name_a_beginning_do_not_hold_before) {
    const std::string token = signed_by_test_key(good_header, replaced(good_claims, "}", R"(,"nbf":1777982460})"));
    stage_.now += 54s;
    EXPECT_EQ(fault_of(token), "not_valid_yet");
    stage_.now += 1s;
    EXPECT_EQ(fault_of(token), "none");
}

/// The cases that the standards name, by their words in the file.
TEST_F(TokensTest, stand_up_to_every_attack_of_the_published_list) {
    std::ifstream file(SALDO_SOURCE_DIR "/../shared/oracles/http_oauth.json");
    if (!file) GTEST_SKIP() << "the list is not beside this checkout";
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());

    const std::string token = signed_by_test_key(good_header, good_claims);
    const std::string mac_input = base64url(header_with("HS256")) + '.' + base64url(good_claims);
    const auto mac_with = [&](std::string_view key) {
        return mac_input + '.' + base64url(foundation::bytes_of(foundation::hmac_sha256(key, mac_input)));
    };
    const auto without = [&](std::string_view claim) {
        return signed_by_test_key(good_header, replaced(good_claims, '"' + std::string(claim) + "\":", "\"x\":"));
    };
    const auto header_also = [&](std::string_view more) {
        return signed_by_test_key(header_with("RS256", more), good_claims);
    };
    const std::map<std::string_view, std::vector<std::string>> attacks{
        {"alg none (any case)",
         {base64url(header_with("none")) + '.' + base64url(good_claims) + '.',
          base64url(header_with("NoNe")) + '.' + base64url(good_claims) + '.'}},
        {"HS256 signed with RSA public key",
         {mac_with(keys_.signer(stage_.now).public_jwk()), mac_with(keys_.key_set(stage_.now))}},
        {"jku/x5u/jwk header supplied",
         {header_also(R"(,"jku":"https://evil.example")"), header_also(R"(,"x5u":"x")"), header_also(R"(,"jwk":{})")}},
        {"unknown crit header", {header_also(R"(,"crit":["x"],"x":1)")}},
        {"missing exp/iss/aud/sub/client_id/iat/jti",
         {without("exp"), without("iss"), without("aud"), without("sub"), without("client_id"), without("iat"),
          without("jti")}},
        {"exp in past by > skew", {signed_by_test_key(good_header, replaced(good_claims, "1777984200", "1777982395"))}},
        {"aud other service", {}},  // known only where an API is called: bearer_test.cpp
        {"signature stripped", {token.substr(0, token.rfind('.')), token.substr(0, token.rfind('.') + 1)}},
        {"duplicate claim names",
         {signed_by_test_key(good_header, replaced(good_claims, "}", R"(,"exp":1999999999})"))}},
        {"base64 with padding or whitespace", {token + "==", token + " ", replaced(token, ".", "=.")}},
        {"huge token (> 8 KiB) -> 431/400",
         {signed_by_test_key(good_header, replaced(good_claims, "\"one\"", '"' + std::string(9000, 'x') + '"'))}},
    };
    const auto json = foundation::JsonDocument::parse(text);
    ASSERT_TRUE(json);
    json->root().find("jwt_negative")->each([&](foundation::JsonValue name) {
        const auto known = attacks.find(name.string());
        ASSERT_NE(known, attacks.end()) << "nobody tries: " << name.string();
        for (const std::string& attack : known->second) EXPECT_NE(fault_of(attack), "none") << name.string();
    });
}

}  // namespace
}  // namespace saldo::http
