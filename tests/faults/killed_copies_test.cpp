// saldo backup, export, anchor, restore and import, killed right before each change they make to a file: what is left
// is nothing or a whole, and the next one succeeds. The program is traced, so that every step is met, not most.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include "lived_store.hpp"
#include "service/anchor.hpp"

namespace saldo::faults {

namespace {

using store::DataDirectory;
using Words = std::vector<std::string>;

constexpr int never = std::numeric_limits<int>::max();

/// How a run of the program ended.
struct Ended {
    int steps = 0;  ///< changes of files that it came to
    bool killed = false;
    int code = -1;
    bool untraceable = false;
};

/// Whether a call of the system changes what is in a file or a folder.
bool is_step(const __ptrace_syscall_info& info) {
    constexpr std::array steps{SYS_write,  SYS_writev, SYS_pwrite64, SYS_ftruncate, SYS_fsync,   SYS_fdatasync,
                               SYS_rename, SYS_mkdir,  SYS_rmdir,    SYS_unlink,    SYS_unlinkat};
    const auto number = static_cast<long>(info.entry.nr);
    if (number == SYS_openat) return (info.entry.args[2] & O_CREAT) != 0;
    return std::ranges::find(steps, number) != steps.end();
}

[[noreturn]] void become(const Words& words) {
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    std::string program = SALDO_PROGRAM;
    std::vector<char*> arguments{program.data()};
    Words copied = words;
    for (std::string& word : copied) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execv(program.c_str(), arguments.data());
    ::_exit(127);
}

/// Runs the program, and kills it when it is about to take its n-th step.
Ended run(const Words& words, int kill_at = never) {
    Ended ended;
    const pid_t program = ::fork();
    if (program == 0) become(words);
    int status = 0;
    ::waitpid(program, &status, 0);
    if (::ptrace(PTRACE_SETOPTIONS, program, nullptr,
                 PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL) != 0) {
        ::kill(program, SIGKILL);
        ::waitpid(program, &status, 0);
        ended.untraceable = true;
        return ended;
    }
    ::ptrace(PTRACE_SYSCALL, program, nullptr, nullptr);
    while (true) {
        const pid_t thread = ::waitpid(-1, &status, __WALL);
        if (thread < 0) return ended;
        if (WIFSTOPPED(status)) {
            long signal = WSTOPSIG(status);
            if (signal == (SIGTRAP | 0x80)) {
                signal = 0;
                __ptrace_syscall_info info{};
                ::ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info);
                if (info.op == PTRACE_SYSCALL_INFO_ENTRY && is_step(info) && ++ended.steps == kill_at)
                    ::kill(program, SIGKILL);
            } else if (signal == SIGTRAP || signal == SIGSTOP) {
                signal = 0;  // a thread began
            }
            ::ptrace(PTRACE_SYSCALL, thread, nullptr, signal);
        } else if (thread == program) {
            ended.killed = WIFSIGNALED(status);
            if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
            return ended;
        }
    }
}

int points() {
    const char* const wanted = std::getenv("SALDO_KILL_POINTS");  // NOLINT(concurrency-mt-unsafe)
    return wanted != nullptr ? std::atoi(wanted) : 12;
}

class KilledCommand : public testing::Test {
  protected:
    DataDirectory folder = DataDirectory::temporary();
    DataDirectory original = DataDirectory::at(folder.path() / "original");
    std::string whole;
    int number = 0;

    void SetUp() override {
        const std::string digits = foundation::hex(some_key().bytes());
        ::setenv("SALDO_MASTER_KEY", digits.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): before any thread
        // A traced process cannot be looked through for leaks.
        ::setenv("ASAN_OPTIONS", "detect_leaks=0", 1);  // NOLINT(concurrency-mt-unsafe)
        live(original);
        whole = exported(original);
    }

    std::string next_place() { return (folder.path() / ("place" + std::to_string(++number))).string(); }

    /// `command` makes something in the place it is given; `is_there` tells whether it has its name, `is_whole` whether
    /// all of it is there.
    void expect_all_or_nothing(const std::function<Words(const std::string& place)>& command,
                               const std::function<bool(const std::string& place)>& is_there,
                               const std::function<bool(const std::string& place)>& is_whole) {
        const std::string first = next_place();
        const Ended undisturbed = run(command(first));
        if (undisturbed.untraceable) GTEST_SKIP() << "no process can be traced here";
        ASSERT_EQ(undisturbed.code, 0);
        ASSERT_TRUE(is_whole(first));
        const int stride = std::max(1, undisturbed.steps / points());
        int kills = 0, before = 0;
        for (int step = 1; step <= undisturbed.steps; step += stride) {
            const std::string place = next_place();
            const Ended ended = run(command(place), step);
            if (!ended.killed) continue;  // another order of its threads: it had fewer steps
            ++kills;
            const bool was_done = is_there(place);
            ASSERT_TRUE(!was_done || is_whole(place)) << "killed at step " << step;
            if (!was_done) ++before;
            ASSERT_EQ(run(command(place)).code, was_done ? 1 : 0) << "again after a kill at step " << step;
            ASSERT_TRUE(is_whole(place)) << "again after a kill at step " << step;
        }
        EXPECT_GT(before, 0);
        std::cout << kills << " kills at " << undisturbed.steps << " steps, " << before
                  << " of them before it was done\n";
    }
    void expect_whole_file_or_none(const std::string& command,
                                   const std::function<bool(const std::string&)>& is_whole) {
        const auto is_there = [](const std::string& place) { return std::filesystem::exists(place); };
        expect_all_or_nothing(
            [&](const std::string& place) { return Words{command, place, "--data", original.path().string()}; },
            is_there, is_whole);
    }
    void expect_whole_store_or_none(const Words& from) {
        const auto is_there = [](const std::string& place) {
            return std::filesystem::exists(std::filesystem::path(place) / "saldo.db");
        };
        expect_all_or_nothing(
            [&](const std::string& place) {
                Words words = from;
                words.insert(words.end(), {"--no-erasures", "--data", place});
                return words;
            },
            is_there, [&](const std::string& place) { return exported(DataDirectory::at(place)) == whole; });
    }
    std::string made(const std::string& command) {
        const std::string place = next_place();
        run({command, place, "--data", original.path().string()});
        return place;
    }
};

TEST_F(KilledCommand, backup_leaves_a_whole_backup_or_none) {
    expect_whole_file_or_none("backup", [this](const std::string& backup) {
        const DataDirectory directory = DataDirectory::temporary();
        std::filesystem::copy_file(backup, directory.database());
        return exported(directory) == whole;
    });
}

TEST_F(KilledCommand, export_leaves_a_whole_export_or_none) {
    expect_whole_file_or_none("export", [this](const std::string& file) { return content_of(file) == whole; });
}

TEST_F(KilledCommand, anchor_leaves_a_whole_anchor_or_none) {
    expect_whole_file_or_none("anchor", [](const std::string& file) {
        return !service::anchor_in(content_of(file), some_key()).ends.empty();
    });
}

TEST_F(KilledCommand, restore_leaves_a_whole_store_or_none) {
    expect_whole_store_or_none({"restore", made("backup")});
}

TEST_F(KilledCommand, import_leaves_a_whole_store_or_none) {
    expect_whole_store_or_none({"import", made("export")});
}

}  // namespace

}  // namespace saldo::faults
