#include "app/os_random.hpp"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace saldo::app {

std::string OsRandom::bytes(std::size_t count) {
    std::string drawn(count, '\0');
    for (std::size_t have = 0; have < count;) {
        const ssize_t more = ::getrandom(drawn.data() + have, count - have, 0);
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) throw std::system_error(errno, std::system_category(), "The system gives no random bytes");
        have += static_cast<std::size_t>(more);
    }
    return drawn;
}

}  // namespace saldo::app
