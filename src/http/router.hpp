#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/bearer.hpp"
#include "http/caller.hpp"
#include "http/message.hpp"

namespace saldo::http {

/// A request that found its route and was let in.
struct Call {
    RequestPtr request;
    CallerPtr caller;                    ///< null where the route is open to everybody
    std::span<const std::string> names;  ///< of the pattern's parameters
    std::vector<std::string> values;     ///< of the path, escapes resolved, in the order of `names`

    /// The value of `{name}`. Requires that the pattern has it.
    const std::string& parameter(std::string_view name) const;
};

/// What a handler gives back: JSON of either kind, whatever `Accept` names.
inline constexpr std::array<std::string_view, 2> json_types{"application/json", "application/hal+json"};

/// One operation at the border: how it is called, who may, and who answers.
struct Route {
    std::string method;
    std::string pattern;          ///< `/transaction/management/v2/transactions/{id}`; also its label in metrics
    std::optional<Api> api = {};  ///< whose token it takes; nothing: open to everybody
    std::optional<partner::Scope> scope = {};  ///< what an operator's client needs beside
    /// What else decides whether the caller may: the answer that says no. Only asked where there is an `api`.
    std::function<std::optional<Response>(const Request&, const Caller&)> turns_away = {};
    std::vector<std::string_view> takes = {};  ///< media types of the request; empty: `Content-Type` does not matter,
                                               ///< as it does not for a DELETE without a body
    std::vector<std::string_view> gives = {json_types.begin(), json_types.end()};  ///< empty: `Accept` does not matter
    std::function<void(Call, Respond)> handler;
};

/// Sends each request to its route, and answers those that have none or may not in.
///
/// The checks stand in this order and the first that fails answers: path (404), method (405), token (401), scope and
/// whatever else turns the caller away (403), `Accept` (406), `Content-Type` (415): who may not do something is told so
/// before anything is said about how to do it. A path matches segment by segment after its escapes are resolved; an
/// escaped slash divides nothing, and a trailing slash makes another path. May be used from several threads.
class Router {
  public:
    /// Requires that no two routes answer the same. `gate` must outlive it, and it must outlive its answers.
    Router(std::vector<Route> routes, const BearerGate& gate);

    void operator()(RequestPtr request, Respond respond) const;

    /// Every route, in the order of the list it was made from.
    std::span<const Route> routes() const { return routes_; }

    /// Called with each denied request's id and the reason, before it is answered 401.
    std::function<void(std::string_view request_id, std::string_view reason)> on_denied = {};

  private:
    /// What stands at one place of the tree of paths.
    struct Node {
        std::map<std::string, Node, std::less<>> named;
        std::unique_ptr<Node> any;                                ///< behind a parameter
        std::map<std::string, std::size_t, std::less<>> methods;  ///< indexes of routes
        std::string allow;
    };
    struct Match {
        const Node* node;
        std::vector<std::string> values;
    };

    static const Node* find(const Node& node, std::span<const std::string> segments, std::vector<std::string>& values);
    void add(std::size_t index);
    void enter(const Route& route, Call call, Respond respond) const;

    std::vector<Route> routes_;
    std::vector<std::vector<std::string>> names_;  ///< of each route's parameters
    Node root_;
    std::string every_method_;
    const BearerGate& gate_;
};

}  // namespace saldo::http
