#include "cli/help.hpp"

#include <algorithm>
#include <vector>

#include "cli/nearest.hpp"
#include "cli/table.hpp"

namespace saldo::cli {

namespace {

constexpr std::size_t margin = 2;

std::string line(std::string_view name, std::size_t width, std::string_view description) {
    std::string text(margin, ' ');
    text += padded(name, width) + "  " + std::string(description);
    text.erase(text.find_last_not_of(' ') + 1);
    return text + '\n';
}

std::string called(const CLI::Option& option) {
    if (option.get_positional()) return option.get_name(true, false);
    std::string name = option.get_name(false, true);
    if (option.get_type_size() != 0) name += ' ' + option.get_type_name();
    return name;
}

/// The sections of a help page are lists of (what is typed, what it means), all in one width.
struct Entry {
    std::string name;
    std::string description;
};

std::vector<Entry> entries_of(const std::vector<const CLI::Option*>& options) {
    std::vector<Entry> entries;
    for (const CLI::Option* option : options) entries.push_back({called(*option), option->get_description()});
    return entries;
}

std::string section(std::string_view heading, const std::vector<Entry>& entries, std::size_t width) {
    if (entries.empty()) return "";
    std::string text = '\n' + std::string(heading) + ":\n";
    for (const Entry& entry : entries) text += line(entry.name, width, entry.description);
    return text;
}

std::string usage(const CLI::App& app, const std::vector<const CLI::Option*>& arguments,
                  const std::vector<const CLI::Option*>& options) {
    std::string text = "\nUsage:\n  " + full_name(app);
    if (!app.get_subcommands({}).empty()) text += " COMMAND";
    if (!app.get_subcommands({}).empty() && !arguments.empty()) text += "\n  " + full_name(app);
    for (const CLI::Option* one : arguments) text += ' ' + called(*one);
    bool has_more = false;
    for (const CLI::Option* one : options) {
        if (one->get_required())
            text += ' ' + called(*one);
        else
            has_more = true;
    }
    if (has_more) text += " [options]";
    return text + '\n';
}

}  // namespace

std::string Help::make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const {
    const auto arguments = app->get_options([](const CLI::Option* one) { return one->get_positional(); });
    const auto options = app->get_options([](const CLI::Option* one) { return one->nonpositional(); });
    std::vector<Entry> command_entries;
    for (const CLI::App* command : app->get_subcommands({}))
        command_entries.push_back({command->get_name(), command->get_description()});

    const std::vector<Entry> argument_entries = entries_of(arguments), option_entries = entries_of(options);
    std::size_t width = 0;
    for (const auto& entries : {command_entries, argument_entries, option_entries})
        for (const Entry& entry : entries) width = std::max(width, width_of(entry.name));

    return app->get_description() + '\n' + usage(*app, arguments, options) +
           section("Commands", command_entries, width) + section("Arguments", argument_entries, width) +
           section("Options", option_entries, width) + '\n' + app->get_footer() + '\n';
}

std::string full_name(const CLI::App& app) {
    const CLI::App* parent = app.get_parent();
    return parent ? full_name(*parent) + ' ' + app.get_name() : app.get_name();
}

namespace {

/// The command that was found before the parser lost its way.
const CLI::App& deepest(const CLI::App& app) {
    const auto found = app.get_subcommands();
    return found.empty() ? app : deepest(*found.back());
}

std::string did_you_mean(std::string_view typed, const std::vector<std::string>& words) {
    const std::vector<std::string_view> views(words.begin(), words.end());
    const auto meant = nearest(typed, views);
    return meant ? "; did you mean `" + std::string(*meant) + "`?" : ".";
}

}  // namespace

std::string explain(const CLI::App& root, const CLI::ParseError& error) {
    const CLI::App& app = deepest(root);
    std::vector<std::string> commands, options;
    for (const CLI::App* command : app.get_subcommands({})) commands.push_back(command->get_name());
    for (const CLI::Option* option : app.get_options()) options.push_back(option->get_name(false, false));

    const std::vector<std::string> left = root.remaining(true);
    const bool is_about_words = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr ||
                                dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
    if (is_about_words && !left.empty()) {
        const std::string& typed = left.front();
        if (typed.starts_with('-'))
            return '`' + full_name(app) + "` has no option `" + typed + '`' + did_you_mean(typed, options);
        if (commands.empty()) return '`' + full_name(app) + "` does not know what to do with `" + typed + "`.";
        return "there is no command `" + full_name(app) + ' ' + typed + '`' + did_you_mean(typed, commands);
    }
    if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && !commands.empty()) {
        std::string all;
        for (const std::string& command : commands) all += (all.empty() ? "" : ", ") + command;
        return '`' + full_name(app) + "` needs a command: " + all + '.';
    }
    for (const CLI::Option* option : app.get_options())
        if (option->get_required() && option->count() == 0)
            return '`' + full_name(app) + "` needs " + called(*option) + '.';
    std::string text = error.what();
    if (!text.ends_with('.')) text += '.';
    return '`' + full_name(app) + "`: " + text;
}

}  // namespace saldo::cli
