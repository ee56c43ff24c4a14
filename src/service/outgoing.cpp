#include "service/outgoing.hpp"

#include <array>

namespace saldo::service {

namespace {

using enum OutgoingFailure;

constexpr std::array<std::pair<OutgoingFailure, std::string_view>, 8> names{{
    {url_not_allowed, "URL_NOT_ALLOWED"},
    {address_not_allowed, "ADDRESS_NOT_ALLOWED"},
    {name_not_found, "NAME_NOT_FOUND"},
    {connection_failed, "CONNECTION_FAILED"},
    {tls_failed, "TLS_FAILED"},
    {timed_out, "TIMED_OUT"},
    {connection_lost, "CONNECTION_LOST"},
    {answer_malformed, "ANSWER_MALFORMED"},
}};

}  // namespace

std::string_view name_of(OutgoingFailure failure) {
    return names.at(static_cast<std::size_t>(failure)).second;
}

std::optional<OutgoingFailure> outgoing_failure(std::string_view name) {
    for (const auto& [failure, its_name] : names)
        if (its_name == name) return failure;
    return std::nullopt;
}

}  // namespace saldo::service
