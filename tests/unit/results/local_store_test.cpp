#include "results/local_store.hpp"

#include <gtest/gtest.h>

#include <iterator>

#include "temporary_folder.hpp"

namespace okg::results {
namespace {

class LocalStore_ : public ::testing::Test {
 protected:
  static Record record(const std::string& version) {
    const Entry file{version, "https://h/index.html", Sha256{}, Scope::kWorkload,
                     Timestamp(std::chrono::seconds(1))};
    return {{version, "Succeeded", "", "https://h/index.html", "index.html", "", {}},
            {{"index.html", file}},
            {{"index.html", file}}};
  }

  tests::TemporaryFolder directory_;
};

TEST_F(LocalStore_, gives_back_all_files_of_the_last_record_as_the_pods_own) {
  LocalStore store(files::Folder::open(directory_.path()).value());
  ASSERT_TRUE(store.write(record("v1"), {}));
  ASSERT_TRUE(store.write(record("v2"), {}));
  const auto wanted = store.read({});
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->own, record("v2").files);
  EXPECT_TRUE(wanted->latest.empty());
}

TEST_F(LocalStore_, leaves_nothing_beside_the_result) {
  LocalStore store(files::Folder::open(directory_.path()).value());
  ASSERT_TRUE(store.write(record("v1"), {}));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_.path()), {}), 1);
}

TEST_F(LocalStore_, is_for_its_owner_only) {
  LocalStore store(files::Folder::open(directory_.path()).value());
  ASSERT_TRUE(store.write(record("v1"), {}));
  EXPECT_EQ(std::filesystem::status(directory_.path() / "result.json").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(LocalStore_, leaves_nothing_beside_what_it_cannot_replace) {
  std::filesystem::create_directory(directory_.path() / "result.json");
  LocalStore store(files::Folder::open(directory_.path()).value());
  EXPECT_FALSE(store.write(record("v1"), {}));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_.path()), {}), 1);
}

TEST_F(LocalStore_, is_empty_without_a_file_and_with_an_unreadable_one) {
  LocalStore store(files::Folder::open(directory_.path()).value());
  EXPECT_TRUE(store.read({})->own.empty());
  directory_.write("result.json", "{\"version\": \"v");
  const auto wanted = store.read({});
  ASSERT_TRUE(wanted);
  EXPECT_TRUE(wanted->own.empty());
}

TEST_F(LocalStore_, names_the_file_that_cannot_be_written) {
  std::filesystem::create_directory(directory_.path() / "missing");
  LocalStore store(files::Folder::open(directory_.path() / "missing").value());
  std::filesystem::remove(directory_.path() / "missing");
  const auto written = store.write(record("v1"), {});
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("missing/result.json"), std::string::npos);
}

}  // namespace
}  // namespace okg::results
