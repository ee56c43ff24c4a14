#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "disk.hpp"
#include "ledger/standing.hpp"
#include "people.hpp"
#include "verdict.hpp"
#include "visits.hpp"

namespace saldo::simulation {

/// Stands outside the world and reads the log as it grows: event by event it holds the ledger against the model, and
/// the log against what it promises. What is durable is all it sees.
class Audit {
  public:
    Audit(Disk& disk, std::vector<Dossier>& dossiers, std::vector<Request>& requests, std::vector<Visit>& visits,
          Verdict& verdict, Fate fate)
        : disk_(disk), dossiers_(dossiers), requests_(requests), visits_(visits), verdict_(verdict), fate_(fate) {}

    /// Reads what is new.
    void follow();

  private:
    void take(const service::EventRecord& record);
    void check_place(const service::EventRecord& record);
    void check_key(const service::EventRecord& record, Dossier& dossier, const Request& request);
    void begin(const service::EventRecord& record, Dossier& dossier);
    void judge(const ledger::Recorded& recorded, Dossier& dossier, const Request* request);
    void judge_order(const ledger::Recorded& recorded, Dossier& dossier, const Request& request);
    void take_visit(const service::EventRecord& record);
    void judge_tried(const ledger::Recorded& recorded, Dossier& dossier);
    void judge_code(const ledger::Recorded& recorded, Dossier& dossier, const Request* request);
    bool has_typed(const Dossier& dossier, const Request* request) const;
    void judge_due(const ledger::Recorded& recorded, Dossier& dossier);
    void judge_forgetting(const ledger::Recorded& recorded, Dossier& dossier);
    void forget(Dossier& dossier);
    void judge_plan(const ledger::Recorded& recorded, Dossier& dossier);
    void check_amounts(Dossier& dossier);
    void check_invoices(Dossier& dossier, const ledger::Standing& standing);
    void check_due(const Dossier& dossier);
    foundation::Day some_day(const Dossier& dossier, foundation::Day today);

    struct Head {
        std::int64_t position = 0;
        foundation::Digest hash{};
    };

    Disk& disk_;
    std::vector<Dossier>& dossiers_;
    std::vector<Request>& requests_;
    std::vector<Visit>& visits_;
    Verdict& verdict_;
    Fate fate_;
    service::LogCursor read_to_;
    int commits_seen_ = -1;
    std::map<foundation::Bucket, Head> heads_;
    foundation::Instant newest_;
    std::set<std::string> payment_references_;
};

}  // namespace saldo::simulation
