#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checkout/session.hpp"
#include "subject/sealed.hpp"
#include "web/details_form.hpp"

namespace saldo::web {

/// Which screen the buyer asks for: the session's own place, or one step back.
enum class Step { current, method, details, withdrawal };

/// What the page asks for at the session's place; with `Step::details` also what was given and may be changed.
AskedDetails asked_of(const checkout::Session& session, Step step);

/// What the form shows at first: what is known already. A mandate is never ticked beforehand.
Typed known_details(const checkout::Session& session);

/// What was typed, as the session takes it. Requires that `faults_of` found nothing.
checkout::Details details_of(const checkout::Session& session, const AskedDetails& asked, const Typed& typed);

/// The fields of a detail that the session refused.
std::vector<std::string> faults_of(const std::vector<checkout::Detail>& details);

/// The text; empty where there is none, or none any more.
std::string text_of(const std::optional<subject::Sealed>& sealed);

}  // namespace saldo::web
