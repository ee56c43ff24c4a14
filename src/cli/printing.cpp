#include "cli/printing.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "foundation/json_writer.hpp"
#include "foundation/money.hpp"

namespace saldo::cli {

using foundation::JsonKind;
using foundation::JsonValue;

namespace {

constexpr std::size_t line_max = 100;

bool is_plain(JsonValue json) {
    return json.kind() != JsonKind::array && json.kind() != JsonKind::object;
}

void append_compact(std::string& out, JsonValue json) {
    const auto list = [&](char open, char close, bool named) {
        out += open;
        bool is_first = true;
        json.each([&](JsonValue value) {
            if (!std::exchange(is_first, false)) out += ", ";
            if (named) {
                foundation::append_json_string(out, value.name());
                out += ": ";
            }
            append_compact(out, value);
        });
        out += close;
    };
    switch (json.kind()) {
        case JsonKind::null:
            out += "null";
            return;
        case JsonKind::boolean:
            out += json.boolean() ? "true" : "false";
            return;
        case JsonKind::number:
            out += json.number();
            return;
        case JsonKind::string:
            foundation::append_json_string(out, json.string());
            return;
        case JsonKind::array:
            return list('[', ']', false);
        case JsonKind::object:
            return list('{', '}', true);
    }
}

void append_indented(std::string& out, JsonValue json, std::size_t depth) {
    const std::string margin(depth * 2, ' ');
    std::string compact;
    append_compact(compact, json);
    bool holds_plain_values = true;
    if (!is_plain(json))
        json.each([&](JsonValue value) { holds_plain_values = holds_plain_values && is_plain(value); });
    const bool is_whole_document = depth == 0 && json.kind() == JsonKind::object;
    if (holds_plain_values && !is_whole_document && margin.size() + compact.size() <= line_max) {
        out += compact;
        return;
    }
    const bool is_object = json.kind() == JsonKind::object;
    out += is_object ? '{' : '[';
    bool is_first = true;
    json.each([&](JsonValue value) {
        out += std::exchange(is_first, false) ? "\n" : ",\n";
        out += margin + "  ";
        if (is_object) {
            foundation::append_json_string(out, value.name());
            out += ": ";
        }
        append_indented(out, value, depth + 1);
    });
    out += '\n' + margin;
    out += is_object ? '}' : ']';
}

/// What a person typed may hold bytes that a terminal obeys; they are shown instead.
std::string visible(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string shown;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto octet = static_cast<unsigned char>(text[i]);
        const bool is_c1 = octet == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (octet >= 0x20 && octet != 0x7F && !is_c1) {
            shown += text[i];
            continue;
        }
        const auto code = is_c1 ? static_cast<unsigned char>(text[++i]) : octet;
        shown += "\\x";
        shown += digits[code >> 4];
        shown += digits[code & 15];
    }
    return shown;
}

/// A field as a cell: its text, a number's digits, `yes` and `no`, lists with commas, nothing where there is none.
std::string cell(JsonValue json) {
    switch (json.kind()) {
        case JsonKind::null:
            return "";
        case JsonKind::boolean:
            return json.boolean() ? "yes" : "no";
        case JsonKind::number:
            return std::string(json.number());
        case JsonKind::string:
            return visible(json.string());
        case JsonKind::array: {
            std::string text;
            json.each([&](JsonValue value) { text += (text.empty() ? "" : ", ") + cell(value); });
            return text;
        }
        case JsonKind::object: {
            std::string text;
            append_compact(text, json);
            return text;
        }
    }
    std::unreachable();
}

struct Field {
    std::string_view name;
    Table::Column column;
};

std::string table_of(JsonValue rows, const std::vector<Field>& fields, std::string_view without, Looks looks) {
    std::vector<Table::Column> columns;
    for (const Field& field : fields) columns.push_back(field.column);
    Table table(std::move(columns));
    rows.each([&](JsonValue row) {
        std::vector<std::string> cells;
        for (const Field& field : fields) cells.push_back(said(row, field.name));
        table.add(std::move(cells));
    });
    return table.is_empty() ? std::string(without) + '\n' : table.text(looks);
}

struct TreeLine {
    std::string branch;
    std::string label;
    std::string amount;
    std::string note;
};

void collect(std::vector<TreeLine>& lines, JsonValue node, const std::string& branch, const std::string& below,
             std::optional<foundation::Currency> currency) {
    std::string note;
    if (const auto event = node.find("event"); event && event->kind() == JsonKind::object)
        note = said(*event, "value_date") + "  #" + said(*event, "seq") + ' ' + said(*event, "type");
    lines.push_back({branch, said(node, "label"), amount_text(said(node, "amount"), currency), std::move(note)});
    const auto children = node.find("children");
    if (!children || children->kind() != JsonKind::array) return;
    std::size_t left = children->size();
    children->each([&](JsonValue child) {
        const bool is_last = --left == 0;
        collect(lines, child, below + (is_last ? "└─ " : "├─ "), below + (is_last ? "   " : "│  "), currency);
    });
}

void append_outline(std::string& out, JsonValue json, std::size_t depth, Looks looks) {
    std::size_t widest = 0;
    json.each([&](JsonValue value) {
        if (is_plain(value)) widest = std::max(widest, width_of(value.name()));
    });
    const std::string margin(depth * 2, ' ');
    int number = 0;
    json.each([&](JsonValue value) {
        const bool is_in_list = json.kind() == JsonKind::array;
        const std::string name = is_in_list ? std::to_string(++number) + '.' : std::string(value.name());
        if (is_plain(value)) {
            out += margin + (is_in_list ? name + ' ' : dim(padded(name, widest), looks) + "  ");
            out += (value.is_null() ? "-" : cell(value)) + '\n';
        } else if (value.size() > 0) {
            out += margin + bold(name, looks) + '\n';
            append_outline(out, value, depth + 1, looks);
        }
    });
}

}  // namespace

std::string amount_text(std::string_view number, std::optional<foundation::Currency> currency) {
    std::string text(number);
    const int decimals = currency ? currency->decimals() : 2;
    if (decimals == 0) return text;
    const std::size_t point = text.find('.');
    if (point == std::string::npos) text += '.';
    const std::size_t there = point == std::string::npos ? 0 : number.size() - point - 1;
    if (there < static_cast<std::size_t>(decimals)) text.append(static_cast<std::size_t>(decimals) - there, '0');
    return text;
}

std::string said(JsonValue object, std::string_view name) {
    const auto found = object.find(name);
    return found ? cell(*found) : "";
}

std::string indented(JsonValue json) {
    std::string out;
    append_indented(out, json, 0);
    out += '\n';
    return out;
}

std::string partners_text(JsonValue partners, Looks looks) {
    return table_of(partners,
                    {{"partner_id", {"PARTNER"}},
                     {"name", {"NAME"}},
                     {"contract_version", {"CONTRACT", Table::Align::right}},
                     {"shops", {"SHOPS", Table::Align::right}},
                     {"clients", {"CLIENTS", Table::Align::right}}},
                    "There is no partner yet; `saldo partner add` makes one.", looks);
}

std::string shops_text(JsonValue shops, Looks looks) {
    return table_of(shops, {{"partner_id", {"PARTNER"}}, {"partner_shop_id", {"SHOP"}}, {"name", {"NAME"}}},
                    "There is no shop yet; `saldo shop add` makes one.", looks);
}

std::string clients_text(JsonValue clients, Looks looks) {
    return table_of(clients,
                    {{"client_id", {"CLIENT"}},
                     {"kind", {"KIND"}},
                     {"partner_id", {"PARTNER"}},
                     {"scopes", {"SCOPES"}},
                     {"revoked", {"REVOKED"}}},
                    "There is no client yet; `saldo client add` makes one.", looks);
}

std::string keys_text(JsonValue keys, Looks looks) {
    return table_of(keys, {{"kid", {"KEY"}}, {"state", {"STATE"}}, {"signs_from", {"SIGNS FROM"}}},
                    "There is no signing key yet; the first start of the server makes one.", looks);
}

std::string routes_text(JsonValue routes, Looks looks) {
    return table_of(routes, {{"method", {"METHOD"}}, {"path", {"PATH"}}}, "There is no route.", looks);
}

std::string events_text(JsonValue document, Looks looks) {
    const auto events = document.find("events");
    if (!events || events->kind() != JsonKind::array) return outline(document, looks);
    Table table({{"#", Table::Align::right},
                 {"RECORDED"},
                 {"EVENT"},
                 {"COUNTS FOR"},
                 {"BY"},
                 {"PLACE", Table::Align::right},
                 {"HASH"}});
    std::string bodies;
    events->each([&](JsonValue event) {
        table.add({said(event, "seq"), said(event, "recorded_at"), said(event, "type"), said(event, "value_date"),
                   said(event, "actor"), said(event, "bucket") + ':' + said(event, "position"),
                   said(event, "hash").substr(0, 16)});
    });
    return bold(said(document, "transaction_id"), looks) + "\n\n" + table.text(looks) + '\n' +
           dim("PLACE is bucket:position in the chain; --json shows bodies and whole hashes.", looks) + '\n';
}

std::string session_explanation_text(JsonValue document, Looks looks) {
    const auto steps = document.find("steps");
    if (!steps || steps->kind() != JsonKind::array) return outline(document, looks);
    const bool may_ship = said(document, "may_ship") == "yes";
    std::string text = bold(said(document, "session_id"), looks) + "  " + said(document, "session_status") + "\n\n" +
                       bold(may_ship ? "You may ship." : "Do not ship.", looks) + ' ' + said(document, "why") + "\n\n";
    Table table({{"#", Table::Align::right}, {"WHEN"}, {"WHAT HAPPENED"}});
    steps->each([&](JsonValue step) { table.add({said(step, "seq"), said(step, "at"), said(step, "what")}); });
    text += table.text(looks);
    if (const std::string id = said(document, "transaction_id"); !id.empty())
        text += '\n' + dim("`saldo explain " + id + "` tells what is owed.", looks) + '\n';
    return text;
}

namespace {

std::string plan_explanation_text(JsonValue plan, Looks looks) {
    const auto each = [&](std::string_view name, auto visit) {
        const auto list = plan.find(name);
        if (list && list->kind() == JsonKind::array) list->each(visit);
    };
    std::string text = bold("the plan of instalments", looks) + '\n';
    each("makings", [&](JsonValue making) { text += said(making, "date") + "  " + said(making, "why") + '\n'; });
    text += '\n' + bold("how its first making was reckoned", looks) + '\n';
    each("first_making", [&](JsonValue number) {
        text += said(number, "name") + ' ' + bold(said(number, "value"), looks) + ": " + said(number, "how") + '\n';
    });
    return text;
}

}  // namespace

std::string explanation_text(JsonValue document, Looks looks) {
    if (document.find("session_id")) return session_explanation_text(document, looks);
    const auto tree = document.find("tree");
    if (!tree || tree->kind() != JsonKind::object) return outline(document, looks);
    const std::string code = said(document, "currency");
    std::vector<TreeLine> lines;
    collect(lines, *tree, "", "", foundation::Currency::parse(code));

    std::size_t label_width = 0, amount_width = 0;
    for (const TreeLine& line : lines) {
        label_width = std::max(label_width, width_of(line.branch) + width_of(line.label));
        amount_width = std::max(amount_width, width_of(line.amount));
    }
    std::string text =
        bold(said(document, "transaction_id"), looks) + " as of " + said(document, "as_of") + ", in " + code + "\n\n";
    for (const TreeLine& line : lines) {
        const bool is_sum = line.note.empty();
        const std::string label = dim(line.branch, looks) + (is_sum ? bold(line.label, looks) : line.label);
        const std::size_t own = width_of(line.branch) + width_of(line.label);
        text += label + std::string(label_width - own, ' ') + "  " +
                (is_sum ? bold(padded_left(line.amount, amount_width), looks) : padded_left(line.amount, amount_width));
        if (!line.note.empty()) text += "   " + dim(line.note, looks);
        text += '\n';
    }
    if (const auto plan = document.find("instalment_plan")) text += '\n' + plan_explanation_text(*plan, looks);
    return text;
}

std::string outline(JsonValue json, Looks looks) {
    if (is_plain(json)) return cell(json) + '\n';
    std::string out;
    append_outline(out, json, 0, looks);
    return out;
}

}  // namespace saldo::cli
