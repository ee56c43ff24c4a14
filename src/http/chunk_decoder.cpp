#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "http/field_text.hpp"
#include "http/request_parser.hpp"

namespace saldo::http {
namespace {

/// The fields that decide how a request is read; they may not come after the body (RFC 9110 section 6.5.1).
constexpr std::array<std::string_view, 7> never_in_trailer = {
    "content-length", "transfer-encoding", "host", "authorization", "content-type", "content-encoding", "trailer"};

/// The rest of a chunk's first line: `*( ";" token [ "=" ( token / quoted-string ) ] )`.
bool is_chunk_extensions(std::string_view text) {
    while (!text.empty()) {
        if (text.front() != ';') return false;
        text.remove_prefix(1);
        const auto name = token_length(text);
        if (name == 0) return false;
        text.remove_prefix(name);
        if (!text.starts_with('=')) continue;
        text.remove_prefix(1);
        if (text.starts_with('"')) {
            std::size_t end = 1;
            while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
            if (end >= text.size() || !is_field_value(text.substr(0, end))) return false;
            text.remove_prefix(end + 1);
        } else {
            const auto value = token_length(text);
            if (value == 0) return false;
            text.remove_prefix(value);
        }
    }
    return true;
}

std::optional<std::uint64_t> read_chunk_size(std::string_view line) {
    std::uint64_t size = 0;
    const auto [end, error] = std::from_chars(line.begin(), line.end(), size, 16);
    const auto digits = static_cast<std::size_t>(end - line.begin());
    if (error != std::errc{} || digits > 16 || !is_chunk_extensions(line.substr(digits))) return std::nullopt;
    return size;
}

}  // namespace

std::optional<Fault> ChunkDecoder::take_line(std::string_view line, std::size_t body_size, const Limits& limits) {
    switch (expecting_) {
        case Expecting::size: {
            const auto size = read_chunk_size(line);
            if (!size) return Fault::malformed_chunk;
            if (*size > limits.body_bytes_max - body_size) return Fault::body_too_large;
            left_in_chunk_ = *size;
            expecting_ = *size == 0 ? Expecting::trailer : Expecting::data;
            return std::nullopt;
        }
        case Expecting::end_of_data:
            if (!line.empty()) return Fault::malformed_chunk;
            expecting_ = Expecting::size;
            return std::nullopt;
        case Expecting::trailer: {
            if (line.empty()) {
                is_complete_ = true;
                return std::nullopt;
            }
            const auto field = read_field(line);
            const auto names_field = [&](std::string_view name) { return equal_names(field->name, name); };
            if (!field || ++trailer_fields_ > limits.fields_max || std::ranges::any_of(never_in_trailer, names_field)) {
                return Fault::malformed_trailer;
            }
            return std::nullopt;
        }
        case Expecting::data:
            break;
    }
    std::unreachable();
}

Outcome<ChunkDecoder::Progress, Fault> ChunkDecoder::feed(std::string_view input, std::string& body,
                                                          const Limits& limits) {
    std::size_t consumed = 0;
    while (!is_complete_) {
        const auto rest = input.substr(consumed);
        if (expecting_ == Expecting::data) {
            const auto size = std::min<std::uint64_t>(rest.size(), left_in_chunk_);
            body.append(rest.substr(0, size));
            consumed += size;
            left_in_chunk_ -= size;
            if (left_in_chunk_ > 0) break;
            expecting_ = Expecting::end_of_data;
            continue;
        }
        const auto fault_here = expecting_ == Expecting::trailer ? Fault::malformed_trailer : Fault::malformed_chunk;
        const auto line_feed = rest.substr(0, line_bytes_max).find('\n');
        if (line_feed == std::string_view::npos) {
            // What follows the data can only be CRLF: there is no need to wait for a whole line that is none.
            const bool is_spill = expecting_ == Expecting::end_of_data && !rest.empty() && rest.front() != '\r';
            if (is_spill || rest.size() >= line_bytes_max) return std::unexpected(fault_here);
            break;
        }
        if (line_feed == 0 || rest[line_feed - 1] != '\r') return std::unexpected(fault_here);
        if (const auto fault = take_line(rest.substr(0, line_feed - 1), body.size(), limits)) {
            return std::unexpected(*fault);
        }
        consumed += line_feed + 1;
    }
    return Progress{consumed, is_complete_};
}

}  // namespace saldo::http
