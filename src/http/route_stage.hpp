#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.hpp"
#include "http/router.hpp"

namespace saldo::http {

/// Routes without a server, for tests: a request goes to the route whose pattern fits, in the name of one caller, and
/// its answer is there at once.
class RouteStage {
  public:
    explicit RouteStage(std::vector<Route> routes) : routes_(std::move(routes)) {}

    Caller caller{.client_id = "client-1", .partner_id = "partner-1"};

    const std::vector<Route>& routes() const { return routes_; }

    /// Requires that there is such a route and that it answers before it returns.
    Response answer(RequestText text) const {
        const RequestPtr request = request_of(std::move(text));
        for (const Route& route : routes_) {
            std::vector<std::string> names;
            std::vector<std::string> values;
            if (route.method != request->method || !fits(route.pattern, request->path, names, values)) continue;
            if (route.turns_away) {
                if (auto no = route.turns_away(*request, caller)) return *std::move(no);
            }
            std::optional<Response> given;
            route.handler({.request = request,
                           .caller = std::make_shared<const Caller>(caller),
                           .names = names,
                           .values = std::move(values)},
                          Respond::into([&](Response response) { given = std::move(response); }));
            return std::move(given).value();
        }
        throw std::invalid_argument("no route fits " + std::string(request->path));
    }

    Response get(std::string_view target, std::vector<std::pair<std::string, std::string>> fields = {}) const {
        return answer({.method = "GET", .target = target, .fields = std::move(fields)});
    }
    Response post(std::string_view target, std::string body,
                  std::vector<std::pair<std::string, std::string>> fields = {}) const {
        return answer({.method = "POST", .target = target, .fields = std::move(fields), .body = std::move(body)});
    }

  private:
    static bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& names,
                     std::vector<std::string>& values) {
        while (!pattern.empty() && !path.empty()) {
            const auto wanted = pattern.substr(0, pattern.find('/', 1));
            const auto given = path.substr(0, path.find('/', 1));
            if (wanted.starts_with("/{")) {
                names.emplace_back(wanted.substr(2, wanted.size() - 3));
                values.emplace_back(given.substr(1));
            } else if (wanted != given) {
                return false;
            }
            pattern.remove_prefix(wanted.size());
            path.remove_prefix(given.size());
        }
        return pattern.empty() && path.empty();
    }

    std::vector<Route> routes_;
};

}  // namespace saldo::http
