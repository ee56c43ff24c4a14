#pragma once

#include <unordered_map>

#include "service/event_store.hpp"
#include "store/sqlite/checkpointer.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/log_heads.hpp"
#include "store/sqlite/turn.hpp"

namespace saldo::store::sqlite {

/// Writes the log over a connection of its own, with the chain heads in memory: a commit writes nothing but events.
class SqliteLogWriter final : public service::LogWriter {
  public:
    struct Settings {
        std::int64_t events_between_heads;
        std::int64_t pages_max;
    };
    /// Reads the heads as they were saved and follows the log from there. A commit of its own settles what a writer
    /// before it left in doubt.
    SqliteLogWriter(const std::filesystem::path& file, Settings settings, Turn& turn, Checkpointer& checkpointer);
    ~SqliteLogWriter() override;

    void begin() override;
    foundation::Instant last_recorded_at() override { return batch_.recorded_at; }
    std::int64_t next_position(foundation::Bucket bucket) override { return head_of(bucket).position + 1; }
    bool append(service::Append& append) override;
    void commit() override;
    void rollback() override;

  private:
    /// What a batch changes and a rollback takes back.
    struct Batch {
        std::unordered_map<foundation::Bucket, Head> heads;
        foundation::Instant recorded_at;
        std::int64_t newest_id = 0;
        std::int64_t heads_saved_at = 0;  ///< the id that the saved heads are as of
        bool erases = false;
    };
    Batch fresh_batch() const;
    const Head& head_of(foundation::Bucket bucket) const;
    std::int64_t version_of(const service::StreamName& stream);
    void insert(service::EventRecord& record);
    void read_heads();
    void save_heads();
    void end_batch();

    Database database_;
    Statement version_;
    Statement insert_;
    Statement insert_key_;
    Statement erase_key_;
    Turn& turn_;
    Checkpointer& checkpointer_;
    const std::int64_t events_between_heads_;

    Heads heads_;
    foundation::Instant recorded_at_;
    std::int64_t newest_id_ = 0;
    std::int64_t heads_saved_at_ = 0;
    Batch batch_;
    bool has_turn_ = false;
};

}  // namespace saldo::store::sqlite
