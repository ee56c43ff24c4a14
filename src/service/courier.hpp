#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "service/delivery_book.hpp"
#include "service/event_store.hpp"
#include "service/outgoing.hpp"

namespace saldo::service {

/// One session's stream cannot be read: it is damaged, or no version of Saldo wrote it.
class SessionUnreadable : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Where notices come from. Asked on the courier's thread.
struct NoticeSource {
    /// A session of which nothing can be told.
    struct Unreadable {
        std::string session_id;
        std::string why;
    };
    struct Page {
        std::vector<Notice> notices;
        std::vector<Unreadable> unreadable = {};
        LogCursor next;
        bool is_last = true;  ///< of the log as it is now
    };
    /// What the next events behind the cursor give. Throws CursorUnknown, StoreFailed.
    std::function<Page(const LogCursor&)> read_after;

    struct Letter {
        std::string url;
        std::string body;
    };
    /// What is sent, and where to; nothing when the person behind the session was erased. Throws SessionUnreadable.
    std::function<std::optional<Letter>(const Notice&)> letter_of;
};

struct CourierLimits {
    std::size_t under_way_max = 384;
    std::size_t under_way_of_partner_max = 64;
    /// When the book begins anew, or the log is another one, the log is read from its beginning: changes of status that
    /// are older than this are not told then.
    std::chrono::hours tells_again{24};
    std::chrono::days keeps{90};  ///< how long the book remembers what has ended
};

/// What a courier has done since it started.
struct CourierNumbers {
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;  ///< attempts
    std::uint64_t given_up = 0;
    std::size_t under_way = 0;
    std::size_t unreadable = 0;  ///< sessions of which nothing can be told
};

/// Carries notices to merchants: reads them from the log into the book, sends what is due, writes down what became of
/// it. Of one session it sends one at a time and in order; sessions wait for each other only where one partner has too
/// many under way, and one that cannot be read holds up itself alone. It works turn by turn, on one thread, and never
/// waits: neither for a receiver nor for a clock.
class Courier {
  public:
    struct Parts {
        NoticeSource source;
        DeliveryBook& book;
        Outgoing& outgoing;
        std::function<foundation::Instant()> system_time;
        std::function<foundation::Instant()> business_time;
        std::function<std::string(const std::string& partner_id)> secret_of;  ///< that signs now
        std::function<Reach(const std::string& partner_id)> reach_of;
        CourierLimits limits = {};
        /// Told once of each session that cannot be read.
        std::function<void(const NoticeSource::Unreadable&)> on_unreadable = {};
    };
    /// `wake` is called on any thread when there is something to do.
    Courier(Parts parts, std::function<void()> wake);
    ~Courier();
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;

    /// Does what can be done now. Gives the instant by the system's clock at which there is more, if nothing wakes it
    /// before. Throws StoreFailed: what was not written down is done again in the next turn.
    std::optional<foundation::Instant> turn();
    /// May be called from any thread.
    CourierNumbers numbers() const;

  private:
    /// What came back and is not yet taken. Shared with requests under way, which may outlive the courier.
    struct Returned;
    struct UnderWay {
        std::string partner_id, session_id;
        Attempt attempt;
        int failures = 0;
    };

    void take_returned();
    void record_results();
    bool read_log();
    void send_due();
    void send_due_of(const std::string& partner_id);
    void send(const DueDelivery& delivery);
    std::optional<NoticeSource::Letter> letter_of(const DueDelivery& delivery);
    void note_unreadable(const NoticeSource::Unreadable& session);
    void forget_old();
    std::size_t room_of(const std::string& partner_id) const;

    const Parts parts_;
    const std::shared_ptr<Returned> returned_;
    LogCursor kept_;                             ///< as the book has it
    LogCursor cursor_;                           ///< up to where the log was read
    bool reads_anew_;                            ///< the log from its beginning, up to where it ends now
    std::vector<AttemptResult> results_;         ///< not yet in the book
    std::map<std::string, UnderWay> under_way_;  ///< by delivery id
    std::set<std::string> busy_sessions_;
    std::map<std::string, std::size_t> under_way_of_;  ///< by partner
    std::set<std::string> unreadable_;                 ///< sessions
    std::string last_partner_;                         ///< served last: the others come first
    foundation::Instant forgets_at_{};
    std::atomic<std::uint64_t> delivered_ = 0, failed_ = 0, given_up_ = 0;
    std::atomic<std::size_t> under_way_now_ = 0, unreadable_now_ = 0;
};

}  // namespace saldo::service
