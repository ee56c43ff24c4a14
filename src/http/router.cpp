#include "http/router.hpp"

#include <algorithm>
#include <utility>

#include "foundation/outcome.hpp"
#include "http/negotiation.hpp"
#include "http/problem.hpp"
#include "http/url.hpp"

namespace saldo::http {
namespace {

using foundation::ensure;

/// Puts the label on whatever answer comes.
class Labelled final : public Answerable {
  public:
    Labelled(Respond respond, std::string_view label) : respond_(std::move(respond)), label_(label) {}

    void answer(Response response) override {
        response.route = label_;
        respond_(std::move(response));
    }
    void forsake() override {}  // dropping `respond_` says it

  private:
    Respond respond_;
    std::string_view label_;
};

/// `/a/b` as `a`, `b`; the path is cut before its escapes are resolved.
std::vector<std::string> segments_of(std::string_view raw_path) {
    std::vector<std::string> segments;
    raw_path.remove_prefix(1);
    while (true) {
        const auto slash = raw_path.find('/');
        const auto segment = raw_path.substr(0, slash);
        const bool is_plain = segment.find('%') == std::string_view::npos;
        segments.push_back(is_plain ? std::string(segment) : decode_path(segment).value_or(std::string(segment)));
        if (slash == std::string_view::npos) return segments;
        raw_path.remove_prefix(slash + 1);
    }
}

bool is_parameter(std::string_view segment) {
    return segment.starts_with('{') && segment.ends_with('}');
}

std::string joined(std::span<const std::string_view> parts) {
    std::string text;
    for (const auto part : parts) {
        if (!text.empty()) text += ", ";
        text += part;
    }
    return text;
}

Response not_found(std::string_view request_id) {
    return problem_response(
        {.status = 404, .code = "NOT_FOUND", .detail = "There is nothing at this path.", .request_id = request_id});
}

Response method_not_allowed(std::string_view allow, std::string_view request_id) {
    auto response = problem_response({.status = 405,
                                      .code = "METHOD_NOT_ALLOWED",
                                      .detail = "This path does not have that method.",
                                      .request_id = request_id,
                                      .hint = "It has: " + std::string(allow) + "."});
    response.fields.add("Allow", allow);
    return response;
}

Response options(std::string_view allow) {
    Response response{.status = 204};
    response.fields.add("Allow", allow);
    return response;
}

Response not_acceptable(const Route& route, std::string_view request_id) {
    return problem_response({.status = 406,
                             .code = "NOT_ACCEPTABLE",
                             .detail = "The answer has none of the media types in Accept.",
                             .request_id = request_id,
                             .hint = "Accept one of: " + joined(route.gives) + "."});
}

Response unsupported_media_type(const Route& route, std::string_view request_id) {
    const std::string takes = joined(route.takes);
    auto response = problem_response({.status = 415,
                                      .code = "UNSUPPORTED_MEDIA_TYPE",
                                      .detail = "Content-Type is missing or not one that this operation takes.",
                                      .request_id = request_id,
                                      .hint = "Send one of: " + takes + ", in UTF-8."});
    if (route.method == "PATCH") response.fields.add("Accept-Patch", takes);
    return response;
}

}  // namespace

const std::string& Call::parameter(std::string_view name) const {
    const auto found = std::ranges::find(names, name);
    ensure(found != names.end(), "a route asks for a parameter of its own pattern");
    return values[static_cast<std::size_t>(found - names.begin())];
}

Router::Router(std::vector<Route> routes, const BearerGate& gate) : routes_(std::move(routes)), gate_(gate) {
    std::map<std::string_view, bool> methods{{"OPTIONS", true}};
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        add(i);
        methods[routes_[i].method] = true;
        if (routes_[i].method == "GET") methods["HEAD"] = true;
    }
    for (const auto& [method, _] : methods) every_method_ += (every_method_.empty() ? "" : ", ") + std::string(method);
}

void Router::add(std::size_t index) {
    const Route& route = routes_[index];
    ensure(route.pattern.starts_with('/') && route.handler, "a route has a path and a handler");
    std::vector<std::string> names;
    Node* node = &root_;
    for (const std::string& segment : segments_of(route.pattern)) {
        if (is_parameter(segment)) {
            names.push_back(segment.substr(1, segment.size() - 2));
            if (!node->any) node->any = std::make_unique<Node>();
            node = node->any.get();
        } else {
            node = &node->named[segment];
        }
    }
    ensure(node->methods.emplace(route.method, index).second, "two routes answer the same: " + route.pattern);
    names_.push_back(std::move(names));
    node->allow.clear();
    for (const auto& [method, _] : node->methods) {
        if (!node->allow.empty()) node->allow += ", ";
        node->allow += method == "GET" ? "GET, HEAD" : method;
    }
}

const Router::Node* Router::find(const Node& node, std::span<const std::string> segments,
                                 std::vector<std::string>& values) {
    if (segments.empty()) return node.methods.empty() ? nullptr : &node;
    const auto named = node.named.find(segments[0]);
    if (named != node.named.end()) {
        if (const Node* found = find(named->second, segments.subspan(1), values)) return found;
    }
    if (!node.any || segments[0].empty()) return nullptr;
    values.push_back(segments[0]);
    const Node* found = find(*node.any, segments.subspan(1), values);
    if (!found) values.pop_back();
    return found;
}

void Router::operator()(RequestPtr request, Respond respond) const {
    if (request->raw_path == "*") return respond(options(every_method_));
    std::vector<std::string> values;
    const Node* node = find(root_, segments_of(request->raw_path), values);
    if (!node) return respond(not_found(request->request_id));

    // The server leaves the body of an answer to HEAD out, so whoever answers GET answers HEAD.
    auto method = node->methods.find(request->method);
    if (method == node->methods.end() && request->method == "HEAD") method = node->methods.find("GET");
    if (method == node->methods.end()) {
        auto response =
            request->method == "OPTIONS" ? options(node->allow) : method_not_allowed(node->allow, request->request_id);
        response.route = routes_[node->methods.begin()->second].pattern;
        return respond(std::move(response));
    }
    const std::size_t index = method->second;
    const Route& route = routes_[index];
    enter(route,
          {.request = std::move(request), .caller = nullptr, .names = names_[index], .values = std::move(values)},
          Respond(std::make_shared<Labelled>(std::move(respond), route.pattern)));
}

void Router::enter(const Route& route, Call call, Respond respond) const {
    const Request& request = *call.request;
    if (route.api) {
        auto caller = gate_.caller_of(request, *route.api);
        if (!caller) {
            if (on_denied) on_denied(request.request_id, caller.error().reason);
            return respond(unauthorized(caller.error()));
        }
        call.caller = *std::move(caller);
        if (route.scope && !call.caller->may(*route.scope))
            return respond(insufficient_scope(*route.scope, request.request_id));
        if (route.turns_away) {
            if (auto no = route.turns_away(request, *call.caller)) return respond(*std::move(no));
        }
    }
    if (!route.gives.empty() && !accepts(request, route.gives))
        return respond(not_acceptable(route, request.request_id));
    const bool may_be_bare = route.method == "DELETE";
    if (!route.takes.empty() && !(may_be_bare && request.body.empty()) && !has_media_type(request, route.takes))
        return respond(unsupported_media_type(route, request.request_id));
    route.handler(std::move(call), std::move(respond));
}

}  // namespace saldo::http
