#include "store/data_directory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace saldo::store {

namespace {

unsigned mode_of(const std::filesystem::path& path) {
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777U;
}

TEST(DataDirectory, a_temporary_one_is_its_owners_alone_and_goes_with_everything_in_it) {
    std::filesystem::path path;
    {
        const DataDirectory directory = DataDirectory::temporary();
        path = directory.path();
        EXPECT_EQ(mode_of(path), 0700U);
        std::ofstream(directory.database()) << "content";
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(DataDirectory, a_temporary_one_that_was_moved_goes_once) {
    std::optional<DataDirectory> kept;
    {
        DataDirectory first = DataDirectory::temporary();
        kept.emplace(std::move(first));
    }
    EXPECT_TRUE(std::filesystem::exists(kept->path()));
}

TEST(DataDirectory, a_missing_one_is_made_with_those_above_it) {
    const DataDirectory ground = DataDirectory::temporary();
    for (const char* name : {"a/b", "c/", "d"}) {
        const DataDirectory made = DataDirectory::at(ground.path() / name);
        EXPECT_TRUE(std::filesystem::is_directory(made.path())) << name;
        EXPECT_EQ(mode_of(made.path()), 0700U) << name;
    }
    EXPECT_TRUE(std::filesystem::exists(ground.path() / "a/b"));
}

TEST(DataDirectory, one_that_is_there_stays_as_it_is) {
    const DataDirectory ground = DataDirectory::temporary();
    const auto path = ground.path() / "there";
    std::filesystem::create_directory(path);
    std::ofstream(path / "file") << "content";
    {
        const DataDirectory opened = DataDirectory::at(path);
    }
    EXPECT_TRUE(std::filesystem::exists(path / "file"));
}

TEST(DataDirectory, a_file_in_its_place_is_refused_by_name) {
    const DataDirectory ground = DataDirectory::temporary();
    const auto path = ground.path() / "file";
    std::ofstream(path) << "content";
    try {
        const DataDirectory opened = DataDirectory::at(path);
        FAIL() << "was opened";
    } catch (const service::StoreFailed& refusal) {
        EXPECT_EQ(refusal.what(), "The data directory " + path.string() + " is not a directory.");
    }
}

TEST(DirectoryLock, a_second_holder_is_refused_with_the_directory_and_the_process) {
    const DataDirectory directory = DataDirectory::temporary();
    const DirectoryLock first(directory);
    try {
        const DirectoryLock second(directory);
        FAIL() << "was locked twice";
    } catch (const DirectoryInUse& refusal) {
        EXPECT_EQ(refusal.what(), "The data directory " + directory.path().string() + " is in use by process " +
                                      std::to_string(::getpid()) + ".");
    }
}

TEST(DirectoryLock, is_free_again_when_its_holder_is_gone) {
    const DataDirectory directory = DataDirectory::temporary();
    {
        const DirectoryLock first(directory);
    }
    const DirectoryLock second(directory);
    EXPECT_EQ(mode_of(directory.lock()), 0600U);
}

TEST(PrivateFile, is_its_owners_alone_and_one_that_is_there_stays) {
    const DataDirectory directory = DataDirectory::temporary();
    make_private_file(directory.database());
    EXPECT_EQ(mode_of(directory.database()), 0600U);
    std::ofstream(directory.database()) << "content";
    make_private_file(directory.database());
    EXPECT_EQ(std::filesystem::file_size(directory.database()), 7U);
}

}  // namespace

}  // namespace saldo::store
