#include "http/negotiation.hpp"

#include <algorithm>

namespace saldo::http {
namespace {

/// Reads what the field grammars of RFC 9110 section 5.6 have in common.
class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool is_at_end() const { return rest_.empty(); }

    void skip_blanks() {
        while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\t')) rest_.remove_prefix(1);
    }

    bool take(char c) {
        if (rest_.empty() || rest_[0] != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// A token; empty if there is none.
    std::string_view take_token() {
        std::size_t end = 0;
        while (end < rest_.size() && is_token(rest_.substr(end, 1))) ++end;
        return taken(end);
    }

    /// A quoted string without its quotes, escapes left as they are; nothing if there is none or it has no end.
    std::optional<std::string_view> take_quoted() {
        if (rest_.empty() || rest_[0] != '"') return std::nullopt;
        std::size_t end = 1;
        while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
        if (end >= rest_.size()) return std::nullopt;
        return taken(end + 1).substr(1, end - 1);
    }

    /// The next element of a list, up to a comma outside of quotes.
    std::string_view take_element() {
        std::size_t end = 0;
        bool quoted = false;
        for (; end < rest_.size() && (quoted || rest_[end] != ','); ++end) {
            if (rest_[end] == '"') quoted = !quoted;
            if (quoted && rest_[end] == '\\') ++end;
        }
        const auto element = taken(std::min(end, rest_.size()));
        take(',');
        return trimmed(element);
    }

  private:
    std::string_view taken(std::size_t size) {
        const auto text = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return text;
    }

    std::string_view rest_;
};

template <class Visit>
void each_element(std::string_view list, Visit visit) {
    for (Reader reader(list); !reader.is_at_end();) {
        const auto element = reader.take_element();
        if (!element.empty()) visit(element);
    }
}

/// The elements of all fields of that name: several lines are one list.
template <class Visit>
void each_element_of(const Request& request, std::string_view name, Visit visit) {
    for (const auto& field : request.fields) {
        if (equal_names(field.name, name)) each_element(field.value, visit);
    }
}

/// Calls `visit(name, value)` for each `;name=value`. False when the rest of the reader is anything else.
template <class Visit>
bool each_parameter(Reader& reader, Visit visit) {
    while (true) {
        reader.skip_blanks();
        if (reader.is_at_end()) return true;
        if (!reader.take(';')) return false;
        reader.skip_blanks();
        const auto name = reader.take_token();
        if (name.empty()) continue;  // a lone semicolon
        if (!reader.take('=')) return false;
        auto value = reader.take_quoted();
        if (!value) value = reader.take_token();
        if (value->empty()) return false;
        visit(name, *value);
    }
}

/// A weight in thousandths, `0` to `1` with at most three decimals (RFC 9110 section 12.4.2).
std::optional<int> weight_of(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    if (text.size() > 1 && text[1] != '.') return std::nullopt;
    int weight = text[0] == '1' ? 1000 : 0;
    int place = 100;
    for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (c < '0' || c > '9') return std::nullopt;
        weight += (c - '0') * place;
        place /= 10;
    }
    if (weight > 1000) return std::nullopt;
    return weight;
}

struct MediaRange {
    std::string_view type;
    std::string_view subtype;
    int weight = 1000;
};

std::optional<MediaRange> media_range_of(std::string_view element) {
    Reader reader(element);
    MediaRange range;
    range.type = reader.take_token();
    if (range.type.empty() || !reader.take('/')) return std::nullopt;
    range.subtype = reader.take_token();
    if (range.subtype.empty() || (range.type == "*" && range.subtype != "*")) return std::nullopt;
    std::optional<int> weight = range.weight;
    const bool is_whole = each_parameter(reader, [&](std::string_view name, std::string_view value) {
        if (equal_names(name, "q")) weight = weight_of(value);
    });
    if (!is_whole || !weight) return std::nullopt;
    range.weight = *weight;
    return range;
}

/// How exactly the range names the type: 0 not at all, 1 `*/*`, 2 `application/*`, 3 by its name.
int closeness(const MediaRange& range, std::string_view type) {
    const auto slash = type.find('/');
    if (range.type == "*") return 1;
    if (!equal_names(range.type, type.substr(0, slash))) return 0;
    if (range.subtype == "*") return 2;
    return equal_names(range.subtype, type.substr(slash + 1)) ? 3 : 0;
}

int weight_for(const Request& request, std::string_view type) {
    int closest = 0;
    int weight = 0;
    each_element_of(request, "Accept", [&](std::string_view element) {
        const auto range = media_range_of(element);
        const int close = range ? closeness(*range, type) : 0;
        if (close == 0 || close < closest) return;
        weight = close > closest ? range->weight : std::max(weight, range->weight);
        closest = close;
    });
    return weight;
}

/// What stands between the quotes of an entity tag, and nothing if it is none.
std::optional<std::string_view> opaque_tag(std::string_view tag) {
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag.size() < 2 || !tag.starts_with('"') || !tag.ends_with('"')) return std::nullopt;
    tag = tag.substr(1, tag.size() - 2);
    if (tag.find('"') != std::string_view::npos) return std::nullopt;
    return tag;
}

}  // namespace

bool accepts(const Request& request, std::span<const std::string_view> types) {
    bool asks = false;
    each_element_of(request, "Accept", [&](std::string_view) { asks = true; });
    if (!asks) return true;
    return std::ranges::any_of(types, [&](std::string_view type) { return weight_for(request, type) > 0; });
}

bool is_media_type(std::string_view content_type, std::string_view type) {
    Reader reader(content_type);
    const auto main_type = reader.take_token();
    const bool has_slash = reader.take('/');
    const auto subtype = reader.take_token();
    const auto slash = type.find('/');
    if (!has_slash || !equal_names(main_type, type.substr(0, slash)) || !equal_names(subtype, type.substr(slash + 1)))
        return false;
    bool is_utf8_text = true;
    const bool is_whole = each_parameter(reader, [&](std::string_view name, std::string_view value) {
        if (equal_names(name, "charset") && !equal_names(value, "utf-8")) is_utf8_text = false;
    });
    return is_whole && is_utf8_text;
}

bool has_media_type(const Request& request, std::span<const std::string_view> types) {
    if (request.header_count("Content-Type") != 1) return false;
    const auto value = request.header("Content-Type");
    return std::ranges::any_of(types, [&](std::string_view type) { return is_media_type(value, type); });
}

std::optional<Return> preferred_return(const Request& request) {
    bool is_decided = false;
    std::optional<Return> preferred;
    each_element_of(request, "Prefer", [&](std::string_view element) {
        Reader reader(element);
        if (is_decided || !equal_names(reader.take_token(), "return")) return;
        is_decided = true;
        reader.skip_blanks();
        if (!reader.take('=')) return;
        reader.skip_blanks();
        auto value = reader.take_quoted();
        if (!value) value = reader.take_token();
        if (*value == "representation") preferred = Return::representation;
        if (*value == "minimal") preferred = Return::minimal;
    });
    return preferred;
}

bool wants_this(const Request& request, std::string_view etag) {
    if (request.header_count("If-Match") == 0) return true;
    bool wanted = false;
    each_element_of(request, "If-Match", [&](std::string_view element) {
        if (element == "*" || (element == etag && !etag.starts_with("W/"))) wanted = true;
    });
    return wanted;
}

bool has_seen(const Request& request, std::string_view etag) {
    const auto wanted = opaque_tag(etag);
    bool seen = false;
    each_element_of(request, "If-None-Match", [&](std::string_view element) {
        const auto tag = opaque_tag(element);
        if (element == "*" || (tag && tag == wanted)) seen = true;
    });
    return seen;
}

}  // namespace saldo::http
