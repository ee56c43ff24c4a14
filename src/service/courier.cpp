#include "service/courier.hpp"

#include <algorithm>
#include <utility>

#include "service/webhook_signature.hpp"

namespace saldo::service {

using foundation::Instant;

namespace {

/// After so many pages of the log what is due is looked at again.
constexpr int pages_a_turn = 8;
constexpr std::chrono::minutes between_forgetting{1};

/// Of a URL, what a list may show: the rest may hold the merchant's secrets.
std::string host_in(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return {};
    url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find_first_of("/?#\\"));
    const auto user = url.rfind('@');
    return std::string(user == std::string_view::npos ? url : url.substr(user + 1));
}

std::vector<std::pair<std::string, std::string>> fields_of(const Notice& notice, std::string signature) {
    std::vector<std::pair<std::string, std::string>> fields{
        {"Content-Type", "application/json"},
        {"Accept", "*/*"},
        {"X-Signature", std::move(signature)},
        {"Saldo-Delivery-Id", notice.id},
        {"Saldo-Delivery-Sequence", std::to_string(notice.sequence)}};
    if (!notice.previous_id.empty()) fields.emplace_back("Saldo-Delivery-Previous", notice.previous_id);
    return fields;
}

}  // namespace

struct Courier::Returned {
    std::mutex guard;
    std::vector<std::pair<std::string, OutgoingAnswer>> answers;  ///< by delivery id
    std::function<void()> wake;                                   ///< empty when the courier is gone

    void put(const std::string& delivery_id, OutgoingAnswer answer) {
        const std::lock_guard hold(guard);
        if (!wake) return;
        answers.emplace_back(delivery_id, answer);
        wake();
    }
};

Courier::Courier(Parts parts, std::function<void()> wake)
    : parts_(std::move(parts)),
      returned_(std::make_shared<Returned>()),
      kept_(parts_.book.cursor()),
      cursor_(kept_),
      reads_anew_(cursor_.text.empty()) {
    returned_->wake = std::move(wake);
}

Courier::~Courier() {
    const std::lock_guard hold(returned_->guard);
    returned_->wake = nullptr;
}

std::optional<Instant> Courier::turn() {
    take_returned();
    record_results();
    const bool has_read_all = read_log();
    send_due();
    const bool has_more = !results_.empty() || !has_read_all;
    record_results();
    forget_old();
    const Instant now = parts_.system_time();
    return has_more ? now : parts_.book.next_due(now);
}

CourierNumbers Courier::numbers() const {
    return {.delivered = delivered_,
            .failed = failed_,
            .given_up = given_up_,
            .under_way = under_way_now_,
            .unreadable = unreadable_now_};
}

void Courier::take_returned() {
    std::vector<std::pair<std::string, OutgoingAnswer>> answers;
    {
        const std::lock_guard hold(returned_->guard);
        answers.swap(returned_->answers);
    }
    const Instant now = parts_.system_time();
    for (const auto& [delivery_id, answer] : answers) {
        auto found = under_way_.extract(delivery_id);
        UnderWay& ended = found.mapped();
        ended.attempt.status = answer.status;
        ended.attempt.failure = answer.failure ? name_of(*answer.failure) : "";
        ended.attempt.duration = answer.duration;
        busy_sessions_.erase(ended.session_id);
        if (--under_way_of_[ended.partner_id] == 0) under_way_of_.erase(ended.partner_id);
        results_.push_back({delivery_id, ended.attempt, after_attempt(ended.attempt, ended.failures, now)});
    }
    under_way_now_ = under_way_.size();
}

void Courier::record_results() {
    if (results_.empty()) return;
    parts_.book.record(results_, parts_.system_time());
    for (const AttemptResult& result : results_) {
        if (!result.attempt.succeeded()) ++failed_;
        if (result.next.state == DeliveryState::delivered) ++delivered_;
        if (result.next.state == DeliveryState::given_up) ++given_up_;
    }
    results_.clear();
}

/// False when the log goes on behind what was read.
bool Courier::read_log() {
    for (int page_number = 0; page_number < pages_a_turn; ++page_number) {
        NoticeSource::Page page;
        try {
            page = parts_.source.read_after(cursor_);
        } catch (const CursorUnknown&) {
            // A backup was restored: what its log tells may never have been told. Ids show what is told again.
            cursor_ = {};
            reads_anew_ = true;
            return false;
        }
        for (const NoticeSource::Unreadable& session : page.unreadable) note_unreadable(session);
        if (reads_anew_) {
            const Instant oldest = parts_.business_time() - parts_.limits.tells_again;
            std::erase_if(page.notices, [&](const Notice& notice) { return notice.changed_at < oldest; });
        }
        // A cursor that was kept before anything is told would pass for one that has told everything before it.
        const bool is_kept = !reads_anew_ || page.is_last || !page.notices.empty();
        if (is_kept && page.next != kept_) {
            parts_.book.enter(page.notices, page.next, parts_.system_time());
            kept_ = page.next;
        }
        cursor_ = page.next;
        if (!page.is_last) continue;
        reads_anew_ = false;
        return true;
    }
    return false;
}

std::size_t Courier::room_of(const std::string& partner_id) const {
    const auto mine = under_way_of_.find(partner_id);
    const std::size_t taken = mine == under_way_of_.end() ? 0 : mine->second;
    return std::min(parts_.limits.under_way_max - std::min(parts_.limits.under_way_max, under_way_.size()),
                    parts_.limits.under_way_of_partner_max - std::min(parts_.limits.under_way_of_partner_max, taken));
}

void Courier::send_due() {
    std::vector<std::string> partners = parts_.book.partners_waiting();
    std::ranges::rotate(partners, std::ranges::upper_bound(partners, last_partner_));
    for (const std::string& partner_id : partners) {
        if (room_of(partner_id) == 0) continue;
        send_due_of(partner_id);
        last_partner_ = partner_id;
    }
    under_way_now_ = under_way_.size();
}

void Courier::send_due_of(const std::string& partner_id) {
    const std::size_t room = room_of(partner_id);
    const auto mine = under_way_of_.find(partner_id);
    // What is under way is due too, as far as the book knows.
    const std::size_t known = mine == under_way_of_.end() ? 0 : mine->second;
    const auto due = parts_.book.due(partner_id, parts_.system_time(), static_cast<int>(room + known));
    for (const DueDelivery& delivery : due) {
        if (busy_sessions_.contains(delivery.notice.session_id)) continue;
        if (room_of(partner_id) == 0) return;
        send(delivery);
    }
}

void Courier::send(const DueDelivery& delivery) {
    const Notice& notice = delivery.notice;
    const Instant now = parts_.system_time();
    auto letter = letter_of(delivery);
    if (!letter) return;
    UnderWay begun{.partner_id = notice.partner_id,
                   .session_id = notice.session_id,
                   .attempt = {.number = delivery.attempts + 1, .began_at = now, .host = host_in(letter->url)},
                   .failures = delivery.failures};
    std::string signature = webhook_signature(parts_.secret_of(notice.partner_id), now, letter->body);
    parts_.outgoing.send({.url = std::move(letter->url),
                          .fields = fields_of(notice, std::move(signature)),
                          .body = std::move(letter->body),
                          .reach = parts_.reach_of(notice.partner_id)},
                         [returned = returned_, id = notice.id](OutgoingAnswer answer) { returned->put(id, answer); });
    busy_sessions_.insert(notice.session_id);
    ++under_way_of_[notice.partner_id];
    under_way_.emplace(notice.id, std::move(begun));
}

/// Nothing where there is none, which is written down as an attempt.
std::optional<NoticeSource::Letter> Courier::letter_of(const DueDelivery& delivery) {
    const Notice& notice = delivery.notice;
    Attempt attempt{.number = delivery.attempts + 1, .began_at = parts_.system_time(), .failure = "ERASED"};
    try {
        auto letter = parts_.source.letter_of(notice);
        // Nobody knows any more where to. There is nothing to wait for.
        if (!letter) results_.push_back({notice.id, attempt, {.state = DeliveryState::given_up}});
        return letter;
    } catch (const SessionUnreadable& unreadable) {
        note_unreadable({notice.session_id, unreadable.what()});
        attempt.failure = "UNREADABLE";
        results_.push_back({notice.id, attempt, after_attempt(attempt, delivery.failures, attempt.began_at)});
        return std::nullopt;
    }
}

void Courier::note_unreadable(const NoticeSource::Unreadable& session) {
    if (!unreadable_.insert(session.session_id).second) return;
    unreadable_now_ = unreadable_.size();
    if (parts_.on_unreadable) parts_.on_unreadable(session);
}

void Courier::forget_old() {
    const Instant now = parts_.system_time();
    if (now < forgets_at_) return;
    parts_.book.forget_before(now - parts_.limits.keeps);
    forgets_at_ = now + between_forgetting;
}

}  // namespace saldo::service
