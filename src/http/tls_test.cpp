#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "http/raw_client.hpp"
#include "http/server.hpp"

namespace saldo::http {
namespace {

template <auto release>
struct Release {
    template <class Thing>
    void operator()(Thing* thing) const {
        release(thing);
    }
};
template <class Thing, auto release>
using Held = std::unique_ptr<Thing, Release<release>>;
using Key = Held<EVP_PKEY, EVP_PKEY_free>;
using Certificate = Held<X509, X509_free>;

/// A certificate that nobody signed, in a directory of its own.
class SelfSigned {
  public:
    SelfSigned() : directory_(make_directory()) {
        const Key key(EVP_EC_gen("P-256"));
        const Certificate certificate(X509_new());
        X509_set_version(certificate.get(), X509_VERSION_3);
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
        X509_set_pubkey(certificate.get(), key.get());
        X509_sign(certificate.get(), key.get(), EVP_sha256());
        const Held<std::FILE, std::fclose> certificate_file(std::fopen(files().certificate_chain.c_str(), "w"));
        PEM_write_X509(certificate_file.get(), certificate.get());
        const Held<std::FILE, std::fclose> key_file(std::fopen(files().private_key.c_str(), "w"));
        PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    }
    ~SelfSigned() { std::filesystem::remove_all(directory_); }
    SelfSigned(const SelfSigned&) = delete;
    SelfSigned& operator=(const SelfSigned&) = delete;

    TlsFiles files() const { return {directory_ + "/certificate.pem", directory_ + "/key.pem"}; }

  private:
    static std::string make_directory() {
        std::string name = (std::filesystem::temp_directory_path() / "saldo-tls-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary directory");
        return name;
    }
    std::string directory_;
};

/// A client that trusts whatever certificate it is shown.
class TlsClient {
  public:
    explicit TlsClient(std::uint16_t port, int newest_version = TLS1_3_VERSION, std::string_view protocols = {})
        : context_(SSL_CTX_new(TLS_client_method())), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context_.get(), newest_version);
        SSL_CTX_set_cipher_list(context_.get(), "ALL:@SECLEVEL=0");
        SSL_CTX_set_alpn_protos(context_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                                static_cast<unsigned>(protocols.size()));
        sockaddr_in server{};
        server.sin_family = AF_INET;
        server.sin_port = htons(port);
        server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0) {
            throw std::runtime_error("cannot connect");
        }
        stream_.reset(SSL_new(context_.get()));
        SSL_set_fd(stream_.get(), socket_);
        is_open_ = SSL_connect(stream_.get()) == 1;
    }
    ~TlsClient() {
        stream_.reset();
        ::close(socket_);
    }
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;

    bool is_open() const { return is_open_; }

    std::string_view protocol() const {
        const unsigned char* name = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(stream_.get(), &name, &size);
        return {reinterpret_cast<const char*>(name), size};
    }

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            std::size_t count = 0;
            if (SSL_write_ex(stream_.get(), bytes.data(), bytes.size(), &count) != 1) return;
            bytes.remove_prefix(count);
        }
    }

    /// Everything until the server takes its leave.
    std::string all() {
        std::string out;
        std::array<char, 16384> buffer{};
        std::size_t count = 0;
        while (SSL_read_ex(stream_.get(), buffer.data(), buffer.size(), &count) == 1) out.append(buffer.data(), count);
        return out;
    }
    bool was_taken_leave_of() const { return (SSL_get_shutdown(stream_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

  private:
    Held<SSL_CTX, SSL_CTX_free> context_;
    int socket_;
    Held<SSL, SSL_free> stream_;
    bool is_open_ = false;
};

class Tls : public testing::Test {
  protected:
    Tls()
        : server_({.listen = {"127.0.0.1:0"}, .threads = 1, .tls = certificate_.files()},
                  [](const RequestPtr& request, Respond respond) {
                      const bool is_safe = request->scheme == Scheme::https;
                      respond({.body = request->body + (is_safe ? " safely" : " in the open")});
                  }) {
        server_.start();
    }
    static std::string post(const std::string& body, const std::string& fields = "") {
        return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "Content-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body;
    }

    SelfSigned certificate_;
    Server server_;
};

TEST_F(Tls, carries_requests_and_answers) {
    TlsClient client(server_.port());
    ASSERT_TRUE(client.is_open());
    client.send(post("one") + post("two", "Connection: close\r\n"));
    const auto all = client.all();
    EXPECT_NE(all.find("one safely"), std::string::npos);
    EXPECT_NE(all.find("two safely"), std::string::npos);
    EXPECT_TRUE(client.was_taken_leave_of());
}

TEST_F(Tls, carries_what_needs_many_records) {
    TlsClient client(server_.port());
    const std::string body(1'000'000, 'x');
    client.send(post(body, "Connection: close\r\n"));
    EXPECT_TRUE(client.all().ends_with("\r\n\r\n" + body + " safely"));
}

TEST_F(Tls, lets_the_client_read_why_it_was_refused) {
    TlsClient client(server_.port());
    client.send(post(std::string(2'000'000, 'x')));
    EXPECT_NE(client.all().find("BODY_TOO_LARGE"), std::string::npos);
}

TEST_F(Tls, before_1_2_is_not_spoken) {
    EXPECT_FALSE(TlsClient(server_.port(), TLS1_1_VERSION).is_open());
    EXPECT_TRUE(TlsClient(server_.port(), TLS1_2_VERSION).is_open());
}

TEST_F(Tls, agrees_on_http_1_1_and_on_nothing_else) {
    TlsClient both(server_.port(), TLS1_3_VERSION, "\x02h2\x08http/1.1");
    EXPECT_TRUE(both.is_open());
    EXPECT_EQ(both.protocol(), "http/1.1");
    EXPECT_FALSE(TlsClient(server_.port(), TLS1_3_VERSION, "\x02h2").is_open());
}

TEST_F(Tls, hangs_up_on_those_who_do_not_speak_it) {
    RawClient client(server_.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.reply(), std::nullopt);
}

TEST_F(Tls, does_not_start_with_files_that_are_none) {
    for (const auto& files : {TlsFiles{"/none", certificate_.files().private_key},
                              TlsFiles{certificate_.files().certificate_chain, "/none"}}) {
        EXPECT_THROW(Server({.tls = files}, [](const RequestPtr&, const Respond&) {}), std::runtime_error);
    }
}

}  // namespace
}  // namespace saldo::http
