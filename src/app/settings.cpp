#include "app/settings.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <utility>

#include "cli/nearest.hpp"
#include "foundation/decimal.hpp"
#include "http/client_address.hpp"

namespace saldo::app {

namespace {

/// A fault on its way to the operator; the one that stands first in the file is told.
struct Fault {
    toml::source_index line;
    std::string sentence;
};

struct Reading {
    const std::filesystem::path& file;
    Settings& settings;
    std::vector<Fault>& faults;

    void refuse(const toml::node& at, std::string sentence) {
        faults.push_back({at.source().begin.line, std::move(sentence)});
    }
    void refuse(const toml::node& at, std::string_view name, std::string_view must) {
        refuse(at, '`' + std::string(name) + "` must be " + std::string(must));
    }

    Settings::Messages& messages() { return settings.messages ? *settings.messages : settings.messages.emplace(); }

    std::optional<std::string> text(const toml::node& node, std::string_view name, std::string_view must) {
        const auto found = node.value_exact<std::string>();
        if (found && !found->empty()) return found;
        refuse(node, name, must);
        return std::nullopt;
    }
    void path(const toml::node& node, std::string_view name, std::filesystem::path& into) {
        if (const auto found = text(node, name, "the path of a file or directory"))
            into = (std::filesystem::absolute(file).parent_path() / *found).lexically_normal();
    }
    void integer(const toml::node& node, std::string_view name, int min, int max, int& into) {
        const auto found = node.value_exact<std::int64_t>();
        if (found && *found >= min && *found <= max) {
            into = static_cast<int>(*found);
            return;
        }
        refuse(node, name, "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    }
    void boolean(const toml::node& node, std::string_view name, bool& into) {
        if (const auto found = node.value_exact<bool>())
            into = *found;
        else
            refuse(node, name, "true or false");
    }
};

/// `host:port`, the host in brackets where it has colons itself. Which addresses there are, the system decides.
bool is_listen_address(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const std::string_view host = text.substr(0, colon), port = text.substr(colon + 1);
    const bool in_brackets = host.front() == '[' && host.back() == ']';
    if (!in_brackets && host.find(':') != std::string_view::npos) return false;
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    return error == std::errc{} && end == port.data() + port.size() && !port.empty();
}

bool is_proxy_network(std::string_view text) {
    try {
        http::TrustedProxies({std::string(text)});
        return true;
    } catch (const std::invalid_argument&) {
        return false;
    }
}

bool is_public_url(std::string_view text) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (!text.starts_with(scheme)) continue;
        const std::string_view rest = text.substr(scheme.size());
        return !rest.empty() && rest.front() != '/' && rest.find_first_of("?#@ \t\\\"<>") == std::string_view::npos;
    }
    return false;
}

/// Codes and phone numbers leave the machine over https alone.
bool is_gateway_url(std::string_view text) {
    if (!is_public_url(text)) return false;
    if (text.starts_with("https://")) return true;
    const std::string_view host = text.substr(std::string_view("http://").size());
    return std::ranges::any_of(std::array{"127.0.0.1", "localhost", "[::1]"}, [&](std::string_view own) {
        return host.starts_with(own) &&
               (host.size() == own.size() || host[own.size()] == ':' || host[own.size()] == '/');
    });
}

/// What phones show: eleven letters and digits, or a number.
bool is_sender(std::string_view text) {
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    if (!digits.empty() && digits.size() <= 15 && digits.find_first_not_of("0123456789") == std::string_view::npos)
        return true;
    const auto is_letter = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ' ';
    };
    return !text.empty() && text.size() <= 11 && std::ranges::all_of(text, is_letter);
}

/// One text or a list of texts, each of which `is_valid`.
void read_texts(Reading& reading, const toml::node& node, std::string_view name, bool (*is_valid)(std::string_view),
                std::string_view must, std::vector<std::string>& into) {
    into.clear();
    const auto take = [&](const toml::node& element) {
        const auto text = element.value_exact<std::string>();
        if (text && is_valid(*text))
            into.push_back(*text);
        else
            reading.refuse(element, name, must);
    };
    if (const toml::array* array = node.as_array()) {
        for (const toml::node& element : *array) take(element);
    } else {
        take(node);
    }
}

constexpr std::string_view listen_form = "an address and a port such as \"127.0.0.1:8080\" or \"[::1]:8080\"";

struct Setting {
    std::string_view name;
    void (*read)(Reading&, const toml::node&, std::string_view name);
};

constexpr std::array settings_known{
    Setting{"listen",
            [](Reading& in, const toml::node& node, std::string_view name) {
                read_texts(in, node, name, is_listen_address, std::string(listen_form) + ", or a list of such",
                           in.settings.listen);
                if (in.settings.listen.empty() && in.faults.empty()) in.refuse(node, name, listen_form);
            }},
    Setting{"public_url",
            [](Reading& in, const toml::node& node, std::string_view name) {
                const auto text = node.value_exact<std::string>();
                if (!text || !is_public_url(*text))
                    return in.refuse(node, name, "the address the world sees, such as \"https://pay.example.com\"");
                in.settings.public_url = *text;
                while (in.settings.public_url.ends_with('/')) in.settings.public_url.pop_back();
            }},
    Setting{"data",
            [](Reading& in, const toml::node& node, std::string_view name) { in.path(node, name, in.settings.data); }},
    Setting{"erasures", [](Reading& in, const toml::node& node,
                           std::string_view name) { in.path(node, name, in.settings.erasures.emplace()); }},
    Setting{"trusted_proxies",
            [](Reading& in, const toml::node& node, std::string_view name) {
                read_texts(in, node, name, is_proxy_network, "a list of networks such as [\"10.0.0.0/8\"]",
                           in.settings.trusted_proxies);
            }},
    Setting{"master_key.file",
            [](Reading& in, const toml::node& node, std::string_view name) {
                in.path(node, name, in.settings.master_key.file.emplace());
            }},
    Setting{"master_key.environment",
            [](Reading& in, const toml::node& node, std::string_view name) {
                in.settings.master_key.environment =
                    in.text(node, name, "the name of a variable such as \"SALDO_MASTER_KEY\"");
            }},
    Setting{"messages.url",
            [](Reading& in, const toml::node& node, std::string_view name) {
                const auto text = node.value_exact<std::string>();
                if (!text || !is_gateway_url(*text))
                    return in.refuse(
                        node, name,
                        "the gateway's address such as \"https://sms.example.com/messages\"; over http only "
                        "on this machine");
                in.messages().url = *text;
            }},
    Setting{"messages.sender",
            [](Reading& in, const toml::node& node, std::string_view name) {
                const auto text = node.value_exact<std::string>();
                if (!text || !is_sender(*text))
                    return in.refuse(node, name, "at most eleven letters and digits, or a phone number");
                in.messages().sender = *text;
            }},
    Setting{"messages.token.file",
            [](Reading& in, const toml::node& node, std::string_view name) {
                in.path(node, name, in.messages().token.file.emplace());
            }},
    Setting{"messages.token.environment",
            [](Reading& in, const toml::node& node, std::string_view name) {
                in.messages().token.environment =
                    in.text(node, name, "the name of a variable such as \"SALDO_MESSAGES_TOKEN\"");
            }},
    Setting{"tls.certificate",
            [](Reading& in, const toml::node& node, std::string_view name) {
                if (!in.settings.tls) in.settings.tls.emplace();
                in.path(node, name, in.settings.tls->certificate);
            }},
    Setting{"tls.key",
            [](Reading& in, const toml::node& node, std::string_view name) {
                if (!in.settings.tls) in.settings.tls.emplace();
                in.path(node, name, in.settings.tls->key);
            }},
    Setting{"admin.listen",
            [](Reading& in, const toml::node& node, std::string_view name) {
                const auto text = node.value_exact<std::string>();
                if (!text || !is_listen_address(*text)) return in.refuse(node, name, listen_form);
                in.settings.admin_listen = *text;
            }},
    Setting{"server.threads", [](Reading& in, const toml::node& node,
                                 std::string_view name) { in.integer(node, name, 0, 256, in.settings.threads); }},
    Setting{"server.readers", [](Reading& in, const toml::node& node,
                                 std::string_view name) { in.integer(node, name, 0, 256, in.settings.readers); }},
    Setting{"server.cache_mib",
            [](Reading& in, const toml::node& node, std::string_view name) {
                in.integer(node, name, 0, 1'048'576, in.settings.cache_mib);
            }},
    Setting{"status.processing_offset_hours",
            [](Reading& in, const toml::node& node, std::string_view name) {
                in.integer(node, name, 0, 8760, in.settings.processing_offset_hours);
            }},
    Setting{"status.require_content_type_on_get",
            [](Reading& in, const toml::node& node, std::string_view name) {
                in.boolean(node, name, in.settings.require_content_type_on_get);
            }},
    Setting{"sign_in.failures_per_minute",
            [](Reading& in, const toml::node& node, std::string_view name) {
                in.integer(node, name, 1, 100'000, in.settings.sign_in_failures_per_minute);
            }},
    Setting{"sign_in.failures_per_minute_and_address",
            [](Reading& in, const toml::node& node, std::string_view name) {
                in.integer(node, name, 1, 1'000'000, in.settings.sign_in_failures_per_minute_and_address);
            }},
    Setting{"log.level",
            [](Reading& in, const toml::node& node, std::string_view name) {
                using enum Settings::LogLevel;
                const auto text = node.value_exact<std::string>();
                for (const auto& [word, level] :
                     {std::pair{"debug", debug}, {"info", info}, {"warning", warning}, {"error", error}})
                    if (text == word) return void(in.settings.log_level = level);
                in.refuse(node, name, "\"debug\", \"info\", \"warning\" or \"error\"");
            }},
};

void refuse_unknown(Reading& in, const toml::key& key, const std::string& name) {
    std::vector<std::string_view> names;
    for (const Setting& setting : settings_known) names.push_back(setting.name);
    const auto meant = cli::nearest(name, names);
    const auto ending = [](std::string_view word) { return word.substr(word.rfind('.') + 1); };
    std::string sentence = "`" + name + "` is no setting";
    if (meant) {
        sentence += "; did you mean `" + std::string(*meant) + "`?";
    } else {
        // The right name under the wrong heading, as `threads` without [server].
        const auto other = std::ranges::find(names, ending(name), ending);
        sentence += other != names.end() ? "; did you mean `" + std::string(*other) + "`?"
                                         : "; `saldo settings --example` shows them all";
    }
    in.faults.push_back({key.source().begin.line, std::move(sentence)});
}

/// Whether settings stand below this heading.
bool is_heading(std::string_view name) {
    return std::ranges::any_of(settings_known, [&](const Setting& one) {
        return one.name.size() > name.size() && one.name.starts_with(name) && one.name[name.size()] == '.';
    });
}

/// A percentage as it was typed, up to four decimals.
std::optional<foundation::Decimal> percentage(const toml::node& node) {
    std::array<char, 64> digits{};
    if (const auto whole = node.value_exact<std::int64_t>()) return foundation::Decimal::parse(std::to_string(*whole));
    const auto real = node.value_exact<double>();
    if (!real) return std::nullopt;
    // The shortest text that says the number is what was typed.
    const auto [end, error] =
        std::to_chars(digits.data(), digits.data() + digits.size(), *real, std::chars_format::fixed);
    if (error != std::errc{}) return std::nullopt;
    return foundation::Decimal::parse({digits.data(), end});
}

constexpr std::string_view countries = "country";
constexpr std::string_view cap_setting = "effective_rate_max", interest_setting = "interest_on_withdrawal";

void read_country(Reading& in, const toml::table& table, const std::string& heading, terms::CountryLaw& law) {
    for (const auto& [key, node] : table) {
        const std::string name = heading + '.' + std::string(key.str());
        if (key.str() == cap_setting) {
            law.effective_rate_max = percentage(node);
            if (!law.effective_rate_max || law.effective_rate_max->is_negative())
                in.refuse(node, name, "a percentage of at most four decimals, such as 15 or 14.5");
        } else if (key.str() == interest_setting) {
            const auto word = node.value_exact<std::string>();
            const auto found = word ? terms::interest_on_withdrawal(*word) : std::nullopt;
            if (!found) in.refuse(node, name, "\"none\" or \"until_withdrawal\"");
            law.interest_on_withdrawal = found.value_or(law.interest_on_withdrawal);
        } else {
            in.refuse(node, "there is no setting `" + name + "`; of a country there are `" + std::string(cap_setting) +
                                "` and `" + std::string(interest_setting) + "`");
        }
    }
}

void read_countries(Reading& in, const toml::node& node) {
    const toml::table* table = node.as_table();
    if (!table) return in.refuse(node, countries, "a heading with a country below it, such as [country.DE]");
    for (const auto& [key, below] : *table) {
        const std::string name = std::string(countries) + '.' + std::string(key.str());
        const std::string_view code = key.str();
        const bool is_code = code.size() == 2 && std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
        if (!is_code)
            in.refuse(below,
                      '`' + name + "` names no country; use the two letters of ISO 3166-1, such as [country.DE]");
        else if (const toml::table* law = below.as_table())
            read_country(in, *law, name, in.settings.country_laws[std::string(code)]);
        else
            in.refuse(below, name, "a heading with settings below it: [" + name + "]");
    }
}

void read_table(Reading& in, const toml::table& table, const std::string& heading) {
    for (const auto& [key, node] : table) {
        const std::string name = heading + std::string(key.str());
        const auto setting = std::ranges::find(settings_known, name, &Setting::name);
        if (setting != settings_known.end()) {
            setting->read(in, node, name);
        } else if (name == countries) {
            read_countries(in, node);
        } else if (is_heading(name)) {
            if (const toml::table* below = node.as_table())
                read_table(in, *below, name + '.');
            else
                in.refuse(node, name, "a heading with settings below it: [" + name + "]");
        } else {
            refuse_unknown(in, key, name);
        }
    }
}

[[noreturn]] void stop(const std::filesystem::path& file, const Fault& fault) {
    const std::string line = fault.line > 0 ? ':' + std::to_string(fault.line) : "";
    const std::string_view end = fault.sentence.ends_with('?') ? "" : ".";
    throw SettingsFault(file.string() + line + ": " + fault.sentence + std::string(end));
}

/// What is missing or does not go together.
std::optional<std::string> fault_of_whole(const Settings& settings) {
    const auto& key = settings.master_key;
    if (settings.public_url.empty())
        return "`public_url` is missing; add the address the world sees, such as public_url = "
               "\"https://pay.example.com\"";
    if (settings.data.empty()) return "`data` is missing; add the data directory, such as data = \"/var/lib/saldo\"";
    if (!key.file && !key.environment)
        return "`master_key.file` is missing; make a key with `saldo key new FILE` and name the file below "
               "[master_key]";
    if (key.file && key.environment)
        return "`master_key.file` and `master_key.environment` are both there; keep one of them";
    if (const auto& messages = settings.messages) {
        if (messages->url.empty() || messages->sender.empty())
            return "`messages.url` and `messages.sender` go together; add the one that is missing";
        if (messages->token.file.has_value() == messages->token.environment.has_value())
            return "[messages] needs either `token.file` or `token.environment`, the token of the gateway";
    }
    if (settings.tls && (settings.tls->certificate.empty() || settings.tls->key.empty()))
        return "`tls.certificate` and `tls.key` go together; add the one that is missing";
    return std::nullopt;
}

}  // namespace

Settings parse_settings(std::string_view toml, const std::filesystem::path& file) {
    Settings settings;
    std::vector<Fault> faults;
    try {
        const toml::table table = toml::parse(toml, file.string());
        Reading reading{file, settings, faults};
        read_table(reading, table, "");
    } catch (const toml::parse_error& error) {
        stop(file, {error.source().begin.line, "this is not TOML: " + std::string(error.description())});
    }
    if (!faults.empty()) stop(file, *std::ranges::min_element(faults, {}, &Fault::line));
    if (const auto fault = fault_of_whole(settings)) stop(file, {0, *fault});
    return settings;
}

Settings read_settings(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in.is_open() || in.bad())
        throw SettingsFault("The settings file " + file.string() +
                            " cannot be read; `saldo settings --example` prints one to start from.");
    return parse_settings(text, file);
}

std::string_view example_settings() {
    return R"(# Settings of one installation of Saldo: saldo serve --config saldo.toml
# Paths are relative to this file. What is commented out shows the default.

# What the world calls this server. Every link in an answer is made from it.
public_url = "https://pay.example.com"

# The data directory. One server at a time holds it.
data = "/var/lib/saldo"

# A list of the transactions whose buyers were erased, one a line, so that a backup from before can be restored without
# them. Keep it apart from the data: it must survive what the data does not.
# erasures = "/var/backups/saldo/erasures"

# Address and port of the APIs, or a list of them.
# listen = "127.0.0.1:8080"

# Networks of the proxies in front, whose X-Forwarded-For is believed.
# trusted_proxies = []

# The key that protects all other secrets: saldo key new /etc/saldo/master.key
# Keep a copy of it, apart from the data. Either a file or an environment variable with the 64 digits.
[master_key]
file = "/etc/saldo/master.key"
# environment = "SALDO_MASTER_KEY"

# The gateway that sends one-time codes as text messages. Without it no contract may ask for codes. Its token stands in
# a file that its owner alone may read, or in an environment variable.
[messages]
# url = "https://sms.example.com/messages"
# sender = "Saldo"
# token.file = "/etc/saldo/messages.token"
# token.environment = "SALDO_MESSAGES_TOKEN"

# What the law of a country says, for contracts that name it as `country`: the highest effective rate, percent a year,
# and what a buyer who withdraws owes of the interest, "none" or "until_withdrawal". DE, AT and NL begin with
# "until_withdrawal", CH with "none"; no cap is known unless you say it.
[country.NL]
# effective_rate_max = 15.5
# interest_on_withdrawal = "until_withdrawal"

# PEM files. Without them the server speaks plain HTTP, for a proxy on the same machine.
# [tls]
# certificate = "/etc/saldo/certificate.pem"
# key = "/etc/saldo/certificate.key"

# /livez, /readyz and /metrics. Never open this to the world.
[admin]
# listen = "127.0.0.1:9090"

[server]
# Threads that serve connections; 0: one for each core.
# threads = 0
# Threads that load and render what is not in the cache; 0: one for each core.
# readers = 0
# Memory for rendered documents.
# cache_mib = 64

[status]
# Printed as maximum_processing_offset_in_hours: how old a payment may be before it shows.
# processing_offset_hours = 0
# Whether the two status APIs answer 415 without a Content-Type, as published.
# require_content_type_on_get = true

[sign_in]
# Failed tries for a token: of one client from one address, and of all clients from one address.
# failures_per_minute = 10
# failures_per_minute_and_address = 100

[log]
# debug, info, warning or error; one JSON object a line, on stderr.
# level = "info"
)";
}

}  // namespace saldo::app
