#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "service/delivery_book.hpp"
#include "store/data_directory.hpp"

namespace saldo::store::sqlite {

/// The book of deliveries in a file of its own beside the log. It is written without waiting for the disk: what a power
/// cut takes from it is sent once more.
class SqliteDeliveryBook final : public service::DeliveryBook {
  public:
    /// Throws StoreFailed, also for a book that a newer Saldo wrote.
    static std::unique_ptr<SqliteDeliveryBook> open(const DataDirectory& directory);
    /// Beside a running server, to list. Throws StoreFailed where there is none.
    static std::unique_ptr<SqliteDeliveryBook> open_read_only(const DataDirectory& directory);
    ~SqliteDeliveryBook() override;

    service::LogCursor cursor() override;
    void enter(const std::vector<service::Notice>& notices, const service::LogCursor& cursor,
               foundation::Instant now) override;
    void record(const std::vector<service::AttemptResult>& results, foundation::Instant now) override;
    std::vector<std::string> partners_waiting() override;
    std::vector<service::DueDelivery> due(std::string_view partner_id, foundation::Instant now, int limit) override;
    std::optional<foundation::Instant> next_due(foundation::Instant now) override;
    std::int64_t count_waiting() override;
    Page list(const service::DeliveryQuestion& question, std::int64_t after, int limit) override;
    std::optional<service::Delivery> find(std::string_view delivery_id) override;
    bool send_again(std::string_view delivery_id, foundation::Instant now) override;
    void forget_before(foundation::Instant instant) override;

  private:
    struct Tables;
    explicit SqliteDeliveryBook(std::unique_ptr<Tables> tables);

    std::mutex guard_;
    std::unique_ptr<Tables> tables_;
};

}  // namespace saldo::store::sqlite
