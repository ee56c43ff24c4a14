#include "http/code_api.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "foundation/json.hpp"
#include "foundation/json_writer.hpp"
#include "http/decline.hpp"
#include "http/partner_origin.hpp"
#include "http/url.hpp"

namespace saldo::http {

using foundation::Instant;
using ledger::CodeAnswer;
using service::CodeSaid;
using service::NotDecided;

namespace {

constexpr std::string_view base_path = "/transaction/management/2fa/v1/";

/// A published result, and what it says to people.
struct Face {
    int status;
    std::string_view result;
    std::string_view english;
    std::string_view german;
};

constexpr Face not_understood{400, "unexpected_client_input", "The code is missing or is none.",
                              "Der Code fehlt oder ist keiner."};
constexpr Face unknown{404, "transaction_not_found", "There is no such transaction.",
                       "Diese Transaktion gibt es nicht."};

Face face_of(CodeAnswer answer) {
    switch (answer) {
        case CodeAnswer::confirmed:
            return {200, "otp_verified", "The code is right.", "Der Code stimmt."};
        case CodeAnswer::missed:
            return {422, "verify_attempt_failed", "The code is wrong.", "Der Code stimmt nicht."};
        case CodeAnswer::given_up:
            return {422, "no_more_verification_attempts_left", "The code is wrong. The purchase is declined.",
                    "Der Code stimmt nicht. Der Kauf ist abgelehnt."};
        case CodeAnswer::no_longer_valid:
            return {422, "otp_failed", "The code is no longer valid. Ask for a new one.",
                    "Der Code gilt nicht mehr. Fordern Sie einen neuen an."};
        case CodeAnswer::not_awaited:
            return {422, "unexpected_client_input", "This purchase awaits no code.",
                    "Dieser Kauf wartet auf keinen Code."};
        case CodeAnswer::sent:
            return {200, "otp_regenerated", "A new code was sent.", "Ein neuer Code wurde gesendet."};
        case CodeAnswer::too_early:
            return {422, "retry_regeneration_later", "A new code can be sent in a moment.",
                    "Ein neuer Code kann in Kürze gesendet werden."};
        case CodeAnswer::no_new_codes_left:
            return {422, "no_more_regeneration_attempts_left", "No more codes are sent.",
                    "Es werden keine Codes mehr gesendet."};
    }
    std::unreachable();
}

/// Whole seconds until an instant, never below 0: a part of a second is a second more to wait.
std::int64_t seconds_until(Instant at, Instant now) {
    return std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::seconds>(at - now).count());
}

/// The code as six digits. Clients send it as a text or as a number, which has lost its leading zeros.
std::optional<std::string> code_in(std::string_view body) {
    const auto document = foundation::JsonDocument::parse(body);
    if (!document || document->root().kind() != foundation::JsonKind::object) return std::nullopt;
    const auto field = document->root().find("otp_code");
    if (!field) return std::nullopt;
    std::string code;
    if (field->kind() == foundation::JsonKind::string) {
        code = field->string();
    } else if (field->kind() == foundation::JsonKind::number) {
        code = field->number();
        if (code.size() < 6) code.insert(0, 6 - code.size(), '0');
    }
    const bool is_digits = std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
    if (code.empty() || code.size() > 12 || !is_digits) return std::nullopt;
    return code;
}

class CodeRoutes : public std::enable_shared_from_this<CodeRoutes> {
  public:
    CodeRoutes(service::CodeDesk& codes, service::Clock& clock, std::string public_url)
        : codes_(codes), clock_(clock), base_url_(std::move(public_url)) {
        while (base_url_.ends_with('/')) base_url_.pop_back();
        base_url_ += base_path;
    }

    void verify(const Call& call, Respond respond) {
        const std::string& id = call.values.front();
        const auto code = code_in(call.request->body);
        if (!code) return respond(response(not_understood, id, {}));
        codes_.enter_code(origin_of(call), id, *code, answering(call, std::move(respond)));
    }

    void regenerate(const Call& call, Respond respond) {
        codes_.send_new_code(origin_of(call), call.values.front(), answering(call, std::move(respond)));
    }

  private:
    service::CodeDesk::OnCode answering(const Call& call, Respond respond) {
        return [self = shared_from_this(), request = call.request, id = call.values.front(),
                respond = std::move(respond)](std::variant<CodeSaid, NotDecided> said) mutable {
            if (const auto* why = std::get_if<NotDecided>(&said)) {
                if (*why != NotDecided::unknown_transaction)
                    return respond(failure_response(*why, request->request_id));
                return respond(self->response(unknown, id, {}));
            }
            const auto& [answer, purchase] = std::get<CodeSaid>(said);
            respond(self->response(face_of(answer), id, purchase->transaction.verification));
        };
    }

    Response response(const Face& face, std::string_view id,
                      const std::optional<ledger::Verification>& standing) const {
        const Instant now = clock_.now();
        foundation::JsonWriter json;
        json.begin_object().field("timestamp", foundation::utc_text(now)).field("ratepay_transaction_id", id);
        json.field("result", face.result).key("message").begin_object();
        json.field("en", face.english).field("de", face.german).end_object();
        const bool awaits = standing && standing->state == ledger::Verification::State::pending;
        if (awaits && standing->new_codes_left() > 0)
            json.field("regeneration_possible_in_seconds", seconds_until(standing->new_code_from(), now));
        else
            json.null_field("regeneration_possible_in_seconds");
        json.field("time_to_live_in_seconds", awaits ? seconds_until(standing->valid_until(), now) : 0);
        json.key("_links").begin_object();
        const std::string segment = percent_encode(id);
        json.key("self").begin_object().field("href", base_url_ + "regenerate/" + segment).end_object();
        json.key("verify").begin_object().field("href", base_url_ + "verify/" + segment).end_object();
        json.end_object().end_object();
        return hal_response(face.status, std::move(json).finish());
    }

    service::CodeDesk& codes_;
    service::Clock& clock_;
    std::string base_url_;
};

}  // namespace

std::vector<Route> code_routes(service::CodeDesk& codes, service::Clock& clock, std::string public_url) {
    const auto desk = std::make_shared<CodeRoutes>(codes, clock, std::move(public_url));
    const std::string base(base_path);
    std::vector<Route> routes;
    routes.push_back({.method = "POST",
                      .pattern = base + "verify/{transactionId}",
                      .api = Api::payment,
                      .turns_away = partner_turned_away,
                      .takes = {"application/json"},
                      .handler = [desk](Call call, Respond respond) { desk->verify(call, std::move(respond)); }});
    // A new code needs no body, and so no Content-Type.
    routes.push_back({.method = "POST",
                      .pattern = base + "regenerate/{transactionId}",
                      .api = Api::payment,
                      .turns_away = partner_turned_away,
                      .handler = [desk](Call call, Respond respond) { desk->regenerate(call, std::move(respond)); }});
    return routes;
}

}  // namespace saldo::http
