#include "disk.hpp"

#include <utility>

#include "foundation/digest.hpp"
#include "foundation/outcome.hpp"

namespace saldo::simulation {

using service::CommitUnknown;
using service::StoreFailed;

class Disk::Reader final : public service::LogReader {
  public:
    explicit Reader(Disk& disk) : disk_(disk), log_(disk.log_.reader()) {}

    service::StreamContent read(const service::StreamName& stream) override {
        reach();
        return log_->read(stream);
    }
    std::vector<std::string> streams(foundation::Bucket bucket, std::string_view prefix) override {
        reach();
        return log_->streams(bucket, prefix);
    }
    Page read_after(const service::LogCursor& cursor, int limit) override {
        reach();
        return log_->read_after(cursor, limit);
    }
    service::LogCursor end() override {
        reach();
        return log_->end();
    }
    std::int64_t count() override {
        reach();
        return log_->count();
    }

  private:
    /// A reader that has failed once fails for good, as a connection to a broken file does.
    void reach() {
        disk_.call();
        if (disk_.reads_to_fail_ > 0) {
            --disk_.reads_to_fail_;
            is_broken_ = true;
        }
        if (is_broken_) disk_.fail("a block cannot be read");
    }

    Disk& disk_;
    std::unique_ptr<service::LogReader> log_;
    bool is_broken_ = false;
};

class Disk::Writer final : public service::LogWriter {
  public:
    explicit Writer(Disk& disk) : disk_(disk), log_(disk.log_.writer()) {}

    void begin() override {
        disk_.call();
        batch().begin();
    }
    foundation::Instant last_recorded_at() override { return batch().last_recorded_at(); }
    std::int64_t next_position(foundation::Bucket bucket) override { return batch().next_position(bucket); }

    bool append(service::Append& append) override {
        disk_.call();
        if (disk_.is_full_) disk_.fail("the disk is full");
        return batch().append(append);
    }

    void commit() override {
        if (disk_.calls_left_ == 0) {
            if (disk_.last_commit_kept_) durable_commit();
            log_.reset();
            disk_.has_power_ = false;
            ++disk_.mishaps_;
            throw CommitUnknown("the power went");
        }
        disk_.call();
        if (disk_.while_committing_) disk_.while_committing_();
        if (const auto lost = std::exchange(disk_.next_commit_, std::nullopt)) {
            disk_.unsure_ = std::move(log_);
            disk_.unsure_end_ = *lost;
            ++disk_.mishaps_;
            throw CommitUnknown("no answer from the disk");
        }
        durable_commit();
    }

    void rollback() override {
        if (log_) log_->rollback();
    }

  private:
    service::LogWriter& batch() {
        foundation::ensure(log_ != nullptr, "a writer is used after its commit was unknown");
        return *log_;
    }
    void durable_commit() {
        batch().commit();
        ++disk_.commits_;
    }

    Disk& disk_;
    std::unique_ptr<service::LogWriter> log_;
};

void Disk::found(service::Append append) {
    const auto writer = log_.writer();
    writer->begin();
    foundation::ensure(writer->append(append), "what is there from the beginning is there once");
    writer->commit();
}

void Disk::lose_answer_of_next_commit(bool kept, int writers_refused) {
    next_commit_ = LostAnswer{.kept = kept, .writers_refused = writers_refused};
}

void Disk::cut_power_after(int calls, bool kept) {
    calls_left_ = calls;
    last_commit_kept_ = kept;
}

void Disk::mend() {
    is_full_ = false;
    reads_to_fail_ = 0;
    next_commit_.reset();
    unsure_end_.writers_refused = 0;
    calls_left_.reset();
}

void Disk::restore() {
    mend();
    settle();
    has_power_ = true;
}

void Disk::call() {
    if (calls_left_ == 0) has_power_ = false;
    if (!has_power_) fail("no power");
    if (calls_left_) --*calls_left_;
}

void Disk::fail(const char* why) {
    ++mishaps_;
    throw StoreFailed(why);
}

void Disk::settle() {
    if (!unsure_) return;
    if (unsure_end_.kept) {
        unsure_->commit();
        ++commits_;
    }
    unsure_.reset();
}

std::unique_ptr<service::LogReader> Disk::reader() {
    call();
    return std::make_unique<Reader>(*this);
}

std::unique_ptr<service::LogWriter> Disk::writer() {
    call();
    if (unsure_end_.writers_refused > 0) {
        --unsure_end_.writers_refused;
        fail("the file cannot be opened");
    }
    settle();
    return std::make_unique<Writer>(*this);
}

std::string Disk::bytes() {
    std::string all;
    for (service::LogCursor cursor;;) {
        constexpr int page_size = 1000;
        const auto page = durable_->read_after(cursor, page_size);
        if (page.events.empty()) return all;
        for (const service::EventRecord& record : page.events) {
            for (const std::string_view part :
                 {std::string_view(record.stream.name), std::string_view(record.type), std::string_view(record.actor),
                  std::string_view(record.key), std::string_view(record.body), std::string_view(record.sealed)})
                (all += part) += '\t';
            (all += foundation::hex(foundation::bytes_of(record.hash))) += '\n';
        }
        cursor = page.next;
    }
}

}  // namespace saldo::simulation
