#include "gateway/curl_outgoing.hpp"

#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include <atomic>
#include <cstring>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "foundation/outcome.hpp"
#include "foundation/version.hpp"
#include "gateway/public_address.hpp"

namespace saldo::gateway {

using service::OutgoingAnswer;
using service::OutgoingFailure;
using service::OutgoingRequest;

namespace {

/// Of an answer: its head may have as many bytes, and so many of its body are read, so that a receiver which sends a
/// few words is not cut off in them.
constexpr std::size_t head_bytes_max = 64 << 10;
constexpr std::size_t body_bytes_max = 64 << 10;
constexpr long buffer_bytes = 16L << 10;
constexpr int pause_ms = 1000;

struct EasyEnd {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FieldsEnd {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct MultiEnd {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};

/// One request under way. libcurl holds pointers into it, so it stays where it is.
struct Transfer {
    OutgoingRequest request;
    std::move_only_function<void(OutgoingAnswer)> answered;
    std::unique_ptr<curl_slist, FieldsEnd> fields;
    std::unique_ptr<CURL, EasyEnd> easy;
    std::size_t head_bytes = 0, body_bytes = 0;
    bool met_forbidden_address = false;
    bool head_is_too_large = false;
    bool head_is_whole = false;
};

bool may_reach(const Transfer& transfer, const sockaddr& address) {
    if (transfer.request.reach.private_addresses) return true;
    if (address.sa_family == AF_INET) {
        sockaddr_in ipv4{};
        std::memcpy(&ipv4, &address, sizeof ipv4);
        Ipv4Address octets{};
        std::memcpy(octets.data(), &ipv4.sin_addr, octets.size());
        return is_public_address(octets);
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 ipv6{};
        std::memcpy(&ipv6, &address, sizeof ipv6);
        Ipv6Address octets{};
        std::memcpy(octets.data(), &ipv6.sin6_addr, octets.size());
        return is_public_address(octets);
    }
    return false;
}

/// Called with the very address that is about to be connected to.
curl_socket_t open_socket(void* context, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(context);
    if (!may_reach(transfer, address->addr)) {
        transfer.met_forbidden_address = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// Called with each line; an empty one ends the head, be it that of an interim answer.
std::size_t take_head(char* line, std::size_t size, std::size_t count, void* context) {
    auto& transfer = *static_cast<Transfer*>(context);
    transfer.head_bytes += size * count;
    transfer.head_is_too_large = transfer.head_bytes > head_bytes_max;
    long status = 0;
    if (size * count > 0 && (*line == '\r' || *line == '\n')) {
        curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
        transfer.head_is_whole = status >= 200;
    }
    return transfer.head_is_too_large ? 0 : size * count;
}

std::size_t take_body(char*, std::size_t size, std::size_t count, void* context) {
    auto& transfer = *static_cast<Transfer*>(context);
    transfer.body_bytes += size * count;
    return transfer.body_bytes > body_bytes_max ? 0 : size * count;
}

std::optional<OutgoingFailure> failure_of(CURLcode code, const Transfer& transfer) {
    using enum OutgoingFailure;
    long port = 0;
    curl_easy_getinfo(transfer.easy.get(), CURLINFO_PRIMARY_PORT, &port);
    const bool was_connected = port != 0;
    if (transfer.head_is_too_large) return answer_malformed;
    switch (code) {
        case CURLE_OK:
            return std::nullopt;
        case CURLE_URL_MALFORMAT:
        case CURLE_LOGIN_DENIED:  // a user name in the URL
            return url_not_allowed;
        case CURLE_UNSUPPORTED_PROTOCOL:  // of the URL, or of an answer that is not HTTP
            return was_connected ? answer_malformed : url_not_allowed;
        case CURLE_COULDNT_RESOLVE_HOST:
            return name_not_found;
        case CURLE_COULDNT_CONNECT:
            return transfer.met_forbidden_address ? address_not_allowed : connection_failed;
        case CURLE_OPERATION_TIMEDOUT:
            return timed_out;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_CERTPROBLEM:
            return tls_failed;
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_BAD_CONTENT_ENCODING:
            return answer_malformed;
        default:
            return was_connected ? connection_lost : connection_failed;
    }
}

template <class Value>
void set(const Transfer& transfer, CURLoption option, Value value) {
    foundation::ensure(curl_easy_setopt(transfer.easy.get(), option, value) == CURLE_OK, "libcurl knows its options");
}

void append(Transfer& transfer, const std::string& line) {
    curl_slist* longer = curl_slist_append(transfer.fields.get(), line.c_str());
    if (!longer) throw std::bad_alloc();
    (void)transfer.fields.release();
    transfer.fields.reset(longer);
}

void set_request(Transfer& transfer) {
    const OutgoingRequest& request = transfer.request;
    for (const auto& [name, value] : request.fields) append(transfer, name + ": " + value);
    append(transfer, "Expect:");  // nobody waits for a 100
    set(transfer, CURLOPT_URL, request.url.c_str());
    set(transfer, CURLOPT_HTTPHEADER, transfer.fields.get());
    set(transfer, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(transfer, CURLOPT_POSTFIELDS, request.body.c_str());
    set(transfer, CURLOPT_USERAGENT, ("Saldo/" + std::string(foundation::version)).c_str());
}

void set_limits(Transfer& transfer, const CurlOutgoing::Settings& settings) {
    set(transfer, CURLOPT_PROTOCOLS_STR, transfer.request.reach.plain_http ? "http,https" : "https");
    set(transfer, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    set(transfer, CURLOPT_FOLLOWLOCATION, 0L);
    // On a connection that was used before, libcurl would send a request that gets no answer once more by itself, and
    // nobody would know of it.
    set(transfer, CURLOPT_FRESH_CONNECT, 1L);
    set(transfer, CURLOPT_FORBID_REUSE, 1L);
    set(transfer, CURLOPT_PROXY, "");  // whatever the environment says
    set(transfer, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(transfer, CURLOPT_TIMEOUT_MS, static_cast<long>(settings.time_limit.count()));
    set(transfer, CURLOPT_NOSIGNAL, 1L);
    // A name server that hangs would else be waited for when the time limit has ended everything else.
    set(transfer, CURLOPT_QUICK_EXIT, 1L);
    set(transfer, CURLOPT_BUFFERSIZE, buffer_bytes);
    set(transfer, CURLOPT_UPLOAD_BUFFERSIZE, buffer_bytes);
    if (!settings.certificates.empty()) set(transfer, CURLOPT_CAINFO, settings.certificates.c_str());
}

void set_callbacks(Transfer& transfer) {
    set(transfer, CURLOPT_PRIVATE, &transfer);
    set(transfer, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    set(transfer, CURLOPT_OPENSOCKETDATA, &transfer);
    set(transfer, CURLOPT_HEADERFUNCTION, &take_head);
    set(transfer, CURLOPT_HEADERDATA, &transfer);
    set(transfer, CURLOPT_WRITEFUNCTION, &take_body);
    set(transfer, CURLOPT_WRITEDATA, &transfer);
}

void start_libcurl() {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (started != CURLE_OK) throw std::runtime_error("libcurl does not start.");
}

}  // namespace

class CurlOutgoing::Worker {
  public:
    explicit Worker(Settings settings) : settings_(std::move(settings)) {
        start_libcurl();
        multi_.reset(curl_multi_init());
        if (!multi_) throw std::bad_alloc();
        thread_ = std::thread([this] { run(); });
    }

    ~Worker() {
        stops_ = true;
        curl_multi_wakeup(multi_.get());
        thread_.join();
        for (auto& [easy, transfer] : under_way_) curl_multi_remove_handle(multi_.get(), easy);
    }

    void send(OutgoingRequest request, std::move_only_function<void(OutgoingAnswer)> answered) {
        auto transfer = std::make_unique<Transfer>();
        transfer->request = std::move(request);
        transfer->answered = std::move(answered);
        transfer->easy.reset(curl_easy_init());
        if (!transfer->easy) throw std::bad_alloc();
        set_request(*transfer);
        set_limits(*transfer, settings_);
        set_callbacks(*transfer);
        {
            const std::lock_guard hold(guard_);
            waiting_.push_back(std::move(transfer));
        }
        curl_multi_wakeup(multi_.get());
    }

  private:
    void run() {
        // A receiver that hangs up must not end the program: TLS writes without saying MSG_NOSIGNAL.
        sigset_t broken_pipe;
        sigemptyset(&broken_pipe);
        sigaddset(&broken_pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
        while (!stops_) {
            begin_waiting();
            int running = 0;
            curl_multi_perform(multi_.get(), &running);
            finish_ended();
            curl_multi_poll(multi_.get(), nullptr, 0, pause_ms, nullptr);
        }
    }

    void begin_waiting() {
        std::vector<std::unique_ptr<Transfer>> begun;
        {
            const std::lock_guard hold(guard_);
            begun.swap(waiting_);
        }
        for (auto& transfer : begun) {
            CURL* const easy = transfer->easy.get();
            if (curl_multi_add_handle(multi_.get(), easy) == CURLM_OK)
                under_way_.emplace(easy, std::move(transfer));
            else
                finish(*transfer, CURLE_FAILED_INIT);
        }
    }

    void finish_ended() {
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            CURL* const easy = message->easy_handle;
            const CURLcode code = message->data.result;
            auto ended = under_way_.extract(easy);
            finish(*ended.mapped(), code);
            curl_multi_remove_handle(multi_.get(), easy);
        }
    }

    static void finish(Transfer& transfer, CURLcode code) {
        long status = 0;
        curl_off_t duration_us = 0;
        curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(transfer.easy.get(), CURLINFO_TOTAL_TIME_T, &duration_us);
        OutgoingAnswer answer{.duration = std::chrono::microseconds(duration_us)};
        // An answer whose body was cut off, by us or on its way, has said its status all the same.
        if (transfer.head_is_whole)
            answer.status = static_cast<int>(status);
        else
            answer.failure = failure_of(code, transfer).value_or(OutgoingFailure::answer_malformed);
        transfer.answered(answer);
    }

    const Settings settings_;
    std::unique_ptr<CURLM, MultiEnd> multi_;
    std::unordered_map<CURL*, std::unique_ptr<Transfer>> under_way_;  ///< the thread's own
    std::mutex guard_;
    std::vector<std::unique_ptr<Transfer>> waiting_;
    std::atomic<bool> stops_ = false;
    std::thread thread_;
};

CurlOutgoing::CurlOutgoing() : CurlOutgoing(Settings{}) {}
CurlOutgoing::CurlOutgoing(Settings settings) : worker_(std::make_unique<Worker>(std::move(settings))) {}
CurlOutgoing::~CurlOutgoing() = default;

void CurlOutgoing::send(OutgoingRequest request, std::move_only_function<void(OutgoingAnswer)> answered) {
    worker_->send(std::move(request), std::move(answered));
}

}  // namespace saldo::gateway
