#include "world.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "laws.hpp"
#include "words.hpp"

namespace saldo::simulation {

using foundation::Days;
using foundation::Instant;
using service::Done;
using service::NotDecided;
using service::PurchasePtr;
using service::Result;
using service::SaidNo;

namespace {

constexpr std::size_t purchases_max = 3;
constexpr std::uint64_t parts_of_the_frame = 1ULL << 32;  // numbers of fates that no step has

}  // namespace

// ---- The frame

World::World(std::uint64_t seed, Story story)
    : fate_(seed),
      story_(story),
      small_(fate_.of(parts_of_the_frame)),
      random_(fate_.of(parts_of_the_frame + 1)),
      audit_(disk_, dossiers_, requests_, visits_, verdict_, fate_.of(parts_of_the_frame + 2)) {
    Fate fate = fate_.of(parts_of_the_frame + 3);
    // Anywhere in twenty years: leap days, summer time and year ends come by themselves.
    now_ = *foundation::parse_instant("2015-01-01T00:00:00Z") +
           std::chrono::seconds{fate.number(0, 20LL * 365 * 86'400)} +
           std::chrono::microseconds{fate.number(0, 999'999)};
    sizes_ = {.waiting_max = static_cast<std::size_t>(fate.likely(10) ? fate.number(1, 4) : 64),
              .hot_streams = static_cast<std::size_t>(fate.number(0, 4))};
    const std::size_t purchases = fate.below(purchases_max) + 1;
    for (std::size_t i = 0; i < purchases; ++i) {
        dossiers_.push_back({.merchant = &fate.one_of(merchants())});
        if (std::ranges::count(dossiers_, dossiers_.back().merchant, &Dossier::merchant) == 1)
            disk_.found(founding_of(*dossiers_.back().merchant));
        dossiers_.back().phone = "+49177444555" + std::to_string(i);
    }
    orders_ = purchases;
    if (fate.likely(35)) {
        visits_.push_back({.merchant = &fate.one_of(merchants()), .phone = "+491775555550"});
        Visit& visit = visits_.back();
        if (std::ranges::count(dossiers_, visit.merchant, &Dossier::merchant) == 0)
            disk_.found(founding_of(*visit.merchant));
        visit.wanted = visit_wanted(fate, *visit.merchant);
    }
    constexpr std::int64_t steps_each = 16;
    steps_ =
        static_cast<std::uint64_t>(fate.number(4, steps_each * static_cast<std::int64_t>(purchases + visits_.size())));
    disk_.set_while_committing([this] { while_committing(); });
    start_house();
    begin();
}

World::~World() {
    disk_.cut_power();
    house_.reset();
}

/// Every purchase is ordered at once, so that whatever step is dropped later, the orders are there.
void World::begin() {
    Fate fate = fate_.of(parts_of_the_frame + 4);
    for (std::size_t i = 0; i < orders_; ++i) {
        Request request{.purchase = i, .partner_id = dossiers_[i].merchant->partner_id};
        if (fate.likely(85)) request.key = "order " + std::to_string(i);
        request.command = order(fate, dossiers_[i], now_, request.flaws);
        send(fate, std::move(request));
        if (fate.likely(80)) house_works(fate, true);
    }
    for (std::size_t i = 0; i < visits_.size(); ++i) make_session(i);
    if (!visits_.empty()) house_works(fate, true);
    audit_.follow();
}

void World::start_house() {
    service::Messenger& phones = *this;
    house_ = std::make_unique<House>(disk_, random_, [this] { return now_ + skew_; }, sizes_, phones);
}

/// Without power first: whatever the old house has not done by now, it never does.
void World::restart_house() {
    disk_.cut_power();
    house_.reset();
    disk_.restore();
    tell([] { return "the server starts again"; });
    start_house();
}

std::size_t World::lives() const {
    return static_cast<std::size_t>(std::ranges::count_if(dossiers_, &Dossier::exists) +
                                    std::ranges::count_if(visits_, &Visit::exists));
}

void World::step(std::uint64_t number) {
    if (!verdict_.all_hold()) return;
    try {
        go_on(number);
        audit_.follow();
    } catch (const std::exception& broken) {
        verdict_.check(false, broken.what());
    }
}

void World::go_on(std::uint64_t number) {
    Fate fate = fate_.of(number);
    const std::int64_t turn = fate.number(1, 100);
    if (turn <= 66 && fate.likely(visits_.empty() ? 0 : 45))
        visitor_does(fate);
    else if (turn <= 66)
        somebody_wants(fate);
    else if (turn <= 78)
        time_passes(fate);
    else if (turn <= 82)
        ask_again(fate);
    else if (turn <= 87)
        somebody_looks(fate);
    else if (turn <= 90)
        time_brings_about(fate);
    else if (turn <= 95)
        disk_acts_up(fate);
    else
        power_goes(fate);
    house_works(fate, fate.likely(70));
}

void World::end() {
    if (!verdict_.all_hold()) return;
    try {
        Fate fate = fate_.of(parts_of_the_frame + 5);
        tell([] { return "everything works again, and everybody asks until they are answered"; });
        sizes_.waiting_max = std::max<std::size_t>(sizes_.waiting_max, 64);
        disk_.mend();
        if (fate.likely(50)) house_->finish(small_);
        restart_house();
        while (!on_the_way_.empty()) {
            arrive(std::exchange(on_the_way_.back(), {}));
            on_the_way_.pop_back();
        }
        for (std::size_t i = 0; i < requests_.size(); ++i)
            if (requests_[i].key && !requests_[i].answer && (dossier_of(requests_[i]).exists() || i < orders_))
                arrive({.request = i});
        house_->finish(small_);
        audit_.follow();
        for (const Request& request : requests_)
            if (request.key && dossier_of(request).exists())
                verdict_.check(request.answer.has_value(), "a request got no answer although everything worked");
        for (const Dossier& dossier : dossiers_)
            if (dossier.exists() && verdict_.all_hold())
                check_the_end(dossier, requests_, disk_, std::max(now_, house_->now()), fate, verdict_);
        for (const Visit& visit : visits_)
            if (visit.exists() && verdict_.all_hold())
                check_the_end(visit, disk_, std::max(now_, house_->now()), verdict_);
        if (verdict_.all_hold() && fate.likely(2)) check_the_store(disk_, verdict_);
    } catch (const std::exception& broken) {
        verdict_.check(false, broken.what());
    }
}

// ---- What people do

void World::somebody_wants(Fate& fate) {
    const std::size_t purchase = fate.below(dossiers_.size());
    const Dossier& dossier = dossiers_[purchase];
    if (!dossier.exists()) return;
    Wish wished = wish(fate, dossier, now_);
    const bool is_about_code =
        std::holds_alternative<EnterCode>(wished.command) || std::holds_alternative<AskForCode>(wished.command);
    Request request{.purchase = purchase, .command = std::move(wished.command)};
    if (!wished.by_operator) request.partner_id = dossier.merchant->partner_id;
    // Another merchant, who must not even learn that there is such a purchase.
    if (fate.likely(2)) request.partner_id = fate.one_of(merchants()).partner_id;
    if (fate.likely(85)) request.key = "key " + std::to_string(requests_.size());
    // A key that was used for something else already.
    if (fate.likely(2)) request.key = fate.one_of(requests_).key;
    if (is_about_code) request.key.reset();  // these take none
    send(fate, std::move(request));
}

void World::send(Fate& fate, Request request) {
    request.number = requests_.size();
    requests_.push_back(std::move(request));
    const Request& sent = requests_.back();
    tell([&] { return words_of(sent, *dossier_of(sent).merchant); });
    // What has no key is sent once: nobody could tell a copy from a second wish.
    const bool is_lost = fate.likely(4);
    const bool is_doubled = sent.key && fate.likely(6);
    const Copy copy{.request = sent.number, .answer_gets_lost = fate.likely(7)};
    if (is_lost) tell([] { return "  the request gets lost"; });
    if (is_doubled) tell([] { return "  the request arrives twice"; });
    if (!is_lost) on_the_way_.push_back(copy);
    if (is_doubled) on_the_way_.push_back({.request = sent.number});
}

void World::ask_again(Fate& fate) {
    for (const Request& request : requests_) {
        if (!request.key || request.answer || !fate.likely(70)) continue;
        tell([&] { return "request " + std::to_string(request.number) + " is sent again"; });
        on_the_way_.push_back({.request = request.number, .answer_gets_lost = fate.likely(5)});
    }
}

/// A reader sees what is committed, with what time has brought about.
void World::somebody_looks(Fate& fate) {
    if (!visits_.empty() && fate.likely(30)) return somebody_looks_at_session(fate, fate.below(visits_.size()));
    const std::size_t purchase = fate.below(dossiers_.size());
    if (!dossiers_[purchase].exists()) return;
    const Merchant& asking = fate.likely(70) ? *dossiers_[purchase].merchant : fate.one_of(merchants());
    const bool may_see = asking.partner_id == dossiers_[purchase].merchant->partner_id;
    tell([&] { return asking.name + " looks at purchase " + std::to_string(purchase + 1); });
    house_->purchases().find(
        {.actor = "reader", .partner_id = asking.partner_id, .key = std::nullopt}, dossiers_[purchase].id,
        [this, purchase, may_see](std::variant<PurchasePtr, NotDecided> answer) {
            audit_.follow();
            const Dossier& dossier = dossiers_[purchase];
            const auto* found = std::get_if<PurchasePtr>(&answer);
            if (!found) {
                const NotDecided why = std::get<NotDecided>(answer);
                verdict_.check(why != NotDecided::broken, "a read broke");
                verdict_.check(why != NotDecided::unknown_transaction || !may_see, "a purchase was not found");
                return;
            }
            verdict_.check(may_see, "a merchant sees another one's purchase");
            ledger::Transaction expected = dossier.transaction;
            for (const ledger::Recorded& due : ledger::due_events(expected, house_->now())) {
                verdict_.check(dossier.model.due(house_->now()) != Model::Due::nothing,
                               "a read shows an end that is not there");
                ledger::evolve(expected, due);
            }
            expected.version = dossier.transaction.version;
            verdict_.check((*found)->transaction == expected, "a read shows something else than what was committed");
        });
}

// ---- What the world does

void World::time_passes(Fate& fate) {
    const Instant before = now_;
    const Dossier& dossier = fate.one_of(dossiers_);
    const std::int64_t turn = fate.number(1, 100);
    const Visit* visit = visits_.empty() || fate.likely(50) ? nullptr : &fate.one_of(visits_);
    if (visit && turn <= 45)  // while somebody sits before the page
        now_ += std::chrono::seconds{fate.number(1, 600)};
    else if (visit && visit->exists() && turn <= 65)  // to the end of thirty minutes, or an instant before or after
        now_ = std::max(now_, visit->acted + std::chrono::minutes{30} + std::chrono::microseconds{fate.number(-1, 1)});
    else if (turn <= 40)
        now_ += std::chrono::seconds{fate.number(1, 5LL * 86'400)};
    else if (turn <= 55)
        now_ += Days{fate.number(5, 60)};
    else if (turn <= 70 && dossier.exists()) {  // to where time does something, or an instant before or after it
        const std::vector<Instant> turns = dossier.model.turns();
        now_ = std::max(now_, fate.one_of(turns) + std::chrono::microseconds{fate.number(-1, 1)});
    } else if (turn <= 85)  // to midnight in Berlin, or an instant before or after it
        now_ = std::max(
            now_, dossier.merchant->contract.zone.start_of(dossier.merchant->contract.zone.day_of(now_) + Days{1}) +
                      std::chrono::microseconds{fate.number(-1, 1)});
    else
        skew_ = std::chrono::seconds{fate.number(-86'400, 3'600)};
    tell([&] {
        return now_ != before ? std::string("time has passed")
                              : "the server's clock is set to " + foundation::utc_text(now_ + skew_);
    });
}

void World::disk_acts_up(Fate& fate) {
    switch (fate.number(0, 3)) {
        case 0:
            tell([] { return "the disk is full"; });
            disk_.set_full(true);
            break;
        case 1:
            tell([] { return "the disk has room again"; });
            disk_.set_full(false);
            break;
        case 2:
            tell([] { return "the disk will fail to read"; });
            disk_.fail_next_reads(static_cast<int>(fate.number(1, 3)));
            break;
        default: {
            const bool kept = fate.likely(50);
            tell(
                [&] { return std::string("a commit will end without an answer, and is ") + (kept ? "kept" : "lost"); });
            disk_.lose_answer_of_next_commit(kept, static_cast<int>(fate.likely(50) ? 0 : fate.number(1, 2)));
        }
    }
}

/// The power goes between two steps or at any call of the disk in the middle of them; what was on its way to the house,
/// and what it would still have said, is lost.
void World::power_goes(Fate& fate) {
    const bool kept = fate.likely(50);
    const std::int64_t calls = fate.number(0, 12);
    tell([&] {
        return "the power goes after " + std::to_string(calls) + " more calls of the disk, a commit is then " +
               (kept ? "kept" : "lost");
    });
    disk_.cut_power_after(static_cast<int>(calls), kept);
    house_works(fate, true);
    if (fate.likely(30)) skew_ = std::chrono::seconds{fate.number(-86'400, 3'600)};
    restart_house();
}

void World::time_brings_about(Fate& fate) {
    if (!visits_.empty() && visits_.front().exists() && fate.likely(50)) {
        tell([] { return "what is due in the session is recorded"; });
        return house_->sessions().record_due(visits_.front().id, [](bool, std::optional<Instant>) {});
    }
    const Dossier& dossier = fate.one_of(dossiers_);
    if (!dossier.exists()) return;
    tell([&] { return "what is due is recorded"; });
    house_->purchases().record_due(dossier.id, [](bool, auto) {});
}

/// While the lane waits for the disk, time passes, requests arrive and are read for.
void World::while_committing() {
    if (small_.likely(60)) return;
    now_ += std::chrono::milliseconds{small_.likely(90) ? small_.number(1, 30) : small_.number(1'000, 120'000)};
    if (!on_the_way_.empty() && small_.likely(50)) {
        const Copy copy = on_the_way_.front();
        on_the_way_.erase(on_the_way_.begin());
        arrive(copy);
    }
    while (small_.likely(60) && house_->read()) {
    }
}

void World::house_works(Fate& fate, bool until_all_is_done) {
    std::int64_t turns = until_all_is_done ? 1'000 : fate.number(0, 6);
    while (turns-- > 0) {
        // In any order: what was sent last may come first.
        if (!on_the_way_.empty() && fate.likely(40)) {
            const auto place = on_the_way_.begin() + fate.number(0, std::ssize(on_the_way_) - 1);
            const Copy copy = *place;
            on_the_way_.erase(place);
            arrive(copy);
        } else if (!house_->work(fate) && on_the_way_.empty()) {
            return;
        }
    }
}

// ---- What is on its way

service::Origin World::origin_of(const Request& request) const {
    return {.actor = request.actor(), .partner_id = request.partner_id, .key = request.key};
}

/// As the house's door does it: a purchase is looked up first, then operated on.
void World::arrive(Copy copy) {
    Request& request = requests_[copy.request];
    ++request.arrivals;
    if (const auto* order = std::get_if<ledger::Authorise>(&request.command))
        return house_->purchases().authorise(origin_of(request), *order, answer_to(copy));
    if (!std::holds_alternative<ledger::Command>(request.command)) return arrive_with_code(copy);
    house_->purchases().find(origin_of(request), dossier_of(request).id,
                             [this, copy](std::variant<PurchasePtr, NotDecided> answer) {
                                 if (const auto* found = std::get_if<PurchasePtr>(&answer))
                                     return operate(copy, *found);
                                 answer_to(copy)(std::get<NotDecided>(answer));
                             });
}

void World::arrive_with_code(Copy copy) {
    const Request& request = requests_[copy.request];
    const std::string& id = dossier_of(request).id;
    if (const auto* typed = std::get_if<EnterCode>(&request.command))
        return house_->purchases().enter_code(origin_of(request), id, typed->code, code_answer_to(copy));
    house_->purchases().send_new_code(origin_of(request), id, code_answer_to(copy));
}

void World::send(service::TextMessage message) {
    if (!disk_.has_power()) return;  // a dead house sends nothing
    audit_.follow();
    const std::size_t digits = message.text.find_first_of("0123456789");
    if (digits == std::string::npos) return verdict_.check(false, "a message without a code");
    const std::string code = message.text.substr(digits, 6);
    const auto dossier = std::ranges::find_if(dossiers_, [&](const Dossier& one) {
        const auto& codes = one.transaction.verification;
        return one.phone == message.to && codes && codes->newest.digest == digest_of(one.id, code);
    });
    // The page's messages are sent when a reader comes to it: the code may be an old one by then.
    const bool is_from_page = std::ranges::find(visits_, message.to, &Visit::phone) != visits_.end();
    verdict_.check(dossier != dossiers_.end() || is_from_page, "a message goes to somebody who waits for none");
    if (dossier == dossiers_.end()) return;
    verdict_.check(dossier->merchant->partner_id == message.partner_id, "a message is sent for another merchant");
    // The last try may have been used up in the commit that sent it.
    if (dossier->model.code) dossier->codes.push_back({.code = code, .sent = dossier->model.code->sent});
}

service::CodeDesk::OnCode World::code_answer_to(Copy copy) {
    return [this, copy](const std::variant<service::CodeSaid, NotDecided>& said) {
        if (!disk_.has_power()) return;
        Request& request = requests_[copy.request];
        const auto* answered = std::get_if<service::CodeSaid>(&said);
        tell([&] {
            return "  request " + std::to_string(request.number) + ": " +
                   (answered ? words_of(answered->answer) : words_of(Result(std::get<NotDecided>(said)))) +
                   (copy.answer_gets_lost ? ", but the answer gets lost" : "");
        });
        if (copy.answer_gets_lost) return;
        audit_.follow();
        if (!verdict_.all_hold()) return;
        if (answered)
            hear_code(request, *answered);
        else
            hear_nothing_decided(request, std::get<NotDecided>(said));
    };
}

/// What the answer says is what the log has of the request.
void World::hear_code(Request& request, const service::CodeSaid& said) {
    using ledger::CodeAnswer;
    const Dossier& dossier = dossier_of(request);
    verdict_.check(!request.code_answer, "a request without a key is answered twice");
    verdict_.check(said.purchase->transaction.id == dossier.id, "an answer shows another purchase");
    const bool happened = said.answer == CodeAnswer::confirmed || said.answer == CodeAnswer::missed ||
                          said.answer == CodeAnswer::given_up || said.answer == CodeAnswer::sent;
    verdict_.check(request.events == (happened ? 1 : 0), "the answer about a code is not what was recorded");
    if (said.answer == CodeAnswer::confirmed)
        verdict_.check(!dossier.model.code && (!dossier.model.is_declined), "a right code leaves the purchase waiting");
    if (said.answer == CodeAnswer::given_up)
        verdict_.check(dossier.model.is_declined, "after the last code the purchase is not declined");
    request.code_answer = said.answer;
}

void World::operate(Copy copy, const PurchasePtr& found) {
    const Request& request = requests_[copy.request];
    house_->purchases().operate(origin_of(request), found, std::get<ledger::Command>(request.command), answer_to(copy));
}

std::function<void(Result)> World::answer_to(Copy copy) {
    return [this, copy](const Result& result) {
        if (!disk_.has_power()) return;  // a dead house says nothing
        Request& request = requests_[copy.request];
        tell([&] {
            return "  request " + std::to_string(request.number) + ": " + words_of(result) +
                   (copy.answer_gets_lost ? ", but the answer gets lost" : "");
        });
        if (!copy.answer_gets_lost) hear(request, result);
    };
}

void World::hear(Request& request, const Result& result) {
    audit_.follow();
    if (!verdict_.all_hold()) return;
    if (const auto* why = std::get_if<NotDecided>(&result)) {
        hear_nothing_decided(request, *why);
        // The store and the queue may do better next time.
        if (*why != NotDecided::failed && *why != NotDecided::outcome_unknown && *why != NotDecided::busy)
            request.answer = result;
        return;
    }
    if (const auto* done = std::get_if<Done>(&result)) hear_done(request, *done);
    if (const auto* no = std::get_if<SaidNo>(&result)) hear_refusal(request, *no);
    request.answer = result;
}

void World::hear_done(Request& request, const Done& done) {
    const Dossier& dossier = dossier_of(request);
    verdict_.check(dossier.exists() && done.purchase->transaction.id == dossier.id, "an answer shows another purchase");
    const bool is_stored =
        dossier.hashes.size() >= done.purchase->hashes.size() &&
        std::equal(done.purchase->hashes.begin(), done.purchase->hashes.end(), dossier.hashes.begin());
    verdict_.check(is_stored, "what was acknowledged is not stored");
    // That there was nothing to do is not remembered: another copy may have found something since.
    if (done.seq == 0)
        return verdict_.check(request.events == 0 || request.arrivals > 1, "an event was answered as nothing to do");
    // Another request of the same content may have brought the key along first.
    verdict_.check(request.events == 1 || shares_its_key(request), "something was acknowledged that did not happen");
    if (const auto* before = request.answer ? std::get_if<Done>(&*request.answer) : nullptr)
        verdict_.check(before->seq == 0 || before->seq == done.seq, "a repeat was answered with another event");
    // Of two copies of an erasure one erases, and the other's 451 may overtake its answer.
    if (const auto* no = request.answer ? std::get_if<SaidNo>(&*request.answer) : nullptr)
        verdict_.check(no->refusal == ledger::Refusal::anonymized_by_buyer && request.arrivals > 1,
                       "a refused request went through when repeated");
    request.acknowledged = done.purchase;
}

void World::hear_refusal(const Request& request, const SaidNo& refusal) {
    const Dossier& dossier = dossier_of(request);
    if (refusal.refusal == ledger::Refusal::anonymized_by_buyer)
        return verdict_.check(dossier.model.is_erased, "a buyer is called erased who is not");
    if (request.key && !shares_its_key(request))
        verdict_.check(request.events == 1, "a refusal under a key is not remembered");
    if (!request.answer) return;
    if (const auto* before = std::get_if<SaidNo>(&*request.answer))
        verdict_.check(before->refusal == refusal.refusal, "a repeat was refused for another reason");
    if (const auto* before = std::get_if<Done>(&*request.answer))
        verdict_.check(before->seq == 0, "a request that went through was refused when repeated");
}

void World::hear_nothing_decided(const Request& request, NotDecided why) {
    const Dossier& dossier = dossier_of(request);
    switch (why) {
        case NotDecided::unknown_transaction:
            return verdict_.check(request.partner_id && request.partner_id != dossier.merchant->partner_id,
                                  "a purchase was not found");
        case NotDecided::expires_in_past: {
            const auto* order = std::get_if<ledger::Authorise>(&request.command);
            const bool is_past = order && order->expires && *order->expires <= house_->now();
            return verdict_.check(is_past && request.events == 0, "an order was turned away as past that is not");
        }
        case NotDecided::key_reused:
            return verdict_.check(shares_its_key(request), "a key was called reused that was not");
        case NotDecided::busy:
            return verdict_.check(request.arrivals > 1 || request.events == 0, "a request turned away happened");
        case NotDecided::failed:
        case NotDecided::outcome_unknown:
            return verdict_.check(disk_.mishaps() > 0, "the store failed although the disk did not");
        case NotDecided::broken:
            return verdict_.check(false, "a command broke");
    }
}

bool World::shares_its_key(const Request& request) const {
    return std::ranges::count_if(requests_, [&](const Request& other) {
               return other.purchase == request.purchase && other.key == request.key;
           }) > 1;
}

}  // namespace saldo::simulation
