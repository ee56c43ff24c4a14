#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit.hpp"
#include "disk.hpp"
#include "fate.hpp"
#include "house.hpp"
#include "people.hpp"
#include "verdict.hpp"
#include "visits.hpp"

namespace saldo::simulation {

/// Merchants, buyers, bank, clock, network and disk around the real use cases, in one thread. Everything that happens
/// follows from the seed and the numbers of the steps that are taken.
class World : private service::Messenger {
  public:
    enum class Story { untold, told };
    explicit World(std::uint64_t seed, Story story = Story::untold);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// How many steps this world is to live.
    std::uint64_t steps() const { return steps_; }
    /// One more thing happens. Does nothing once a law is broken.
    void step(std::uint64_t number);
    /// Everything works again, everybody asks until they are answered, and the whole is looked at.
    void end();

    const Verdict& verdict() const { return verdict_; }
    /// What happened, line by line; empty if nobody wanted to be told.
    const std::vector<std::string>& story() const { return told_; }
    /// Purchases that came to life.
    std::size_t lives() const;
    /// Requests that were made.
    std::size_t requests() const { return requests_.size(); }
    std::string log_bytes() { return disk_.bytes(); }

  private:
    struct Copy {
        std::size_t request;
        bool answer_gets_lost = false;
    };

    void begin();
    void go_on(std::uint64_t number);
    // What people do.
    void somebody_wants(Fate& fate);
    void send(Fate& fate, Request request);
    void ask_again(Fate& fate);
    void somebody_looks(Fate& fate);
    // What the world does.
    void time_passes(Fate& fate);
    void disk_acts_up(Fate& fate);
    void power_goes(Fate& fate);
    void time_brings_about(Fate& fate);
    void house_works(Fate& fate, bool until_all_is_done);
    void start_house();
    void restart_house();
    void while_committing();
    // What is on its way.
    void arrive(Copy copy);
    void operate(Copy copy, const service::PurchasePtr& found);
    /// A text message with a code arrives at a buyer's phone.
    void send(service::TextMessage message) override;
    void arrive_with_code(Copy copy);
    service::CodeDesk::OnCode code_answer_to(Copy copy);
    void hear_code(Request& request, const service::CodeSaid& said);
    // What buyers do on the payment page.
    void make_session(std::size_t visit);
    void visitor_does(Fate& fate);
    void ask_sessions(Fate& fate, std::size_t visit, const VisitWish& wish);
    void somebody_looks_at_session(Fate& fate, std::size_t visit);
    service::Sessions::OnResult visit_answer_to(std::size_t visit, VisitWish wish, bool gets_lost);
    service::Sessions::OnSession visit_look_of(std::size_t visit, bool may_see);
    void hear_fault(service::SessionFault fault);
    std::function<void(service::Result)> answer_to(Copy copy);
    void hear(Request& request, const service::Result& result);
    void hear_done(Request& request, const service::Done& done);
    void hear_refusal(const Request& request, const service::SaidNo& refusal);
    void hear_nothing_decided(const Request& request, service::NotDecided why);
    bool shares_its_key(const Request& request) const;

    service::Origin origin_of(const Request& request) const;
    Dossier& dossier_of(const Request& request) { return dossiers_[request.purchase]; }
    template <class Words>
    void tell(Words words) {
        if (story_ == Story::told) told_.push_back(foundation::utc_text(now_) + ' ' + words());
    }

    const Fate fate_;
    const Story story_;
    Fate small_;  ///< for choices of which no story tells
    Verdict verdict_;
    std::vector<std::string> told_;

    foundation::Instant now_;
    std::chrono::microseconds skew_{};  ///< of the house's clock
    Disk disk_;
    FatedRandom random_;
    House::Sizes sizes_;
    std::uint64_t steps_ = 0;
    std::vector<Dossier> dossiers_;
    std::size_t orders_ = 0;  ///< of the dossiers: the first ones, whose orders are the first requests
    std::vector<Visit> visits_;
    std::vector<Request> requests_;
    std::vector<Copy> on_the_way_;
    Audit audit_;
    std::unique_ptr<House> house_;
};

}  // namespace saldo::simulation
