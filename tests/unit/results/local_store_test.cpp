#include "results/local_store.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace okg::results {
namespace {

class LocalStore_ : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "local-store-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  static Record record(const std::string& version) {
    const Entry file{version, "https://h/index.html", Sha256{}, Scope::kWorkload,
                     Timestamp(std::chrono::seconds(1))};
    return {{version, "Succeeded", "", "https://h/index.html", "index.html", "", {}},
            {{"index.html", file}},
            {{"index.html", file}}};
  }

  std::filesystem::path directory_;
};

TEST_F(LocalStore_, gives_back_all_files_of_the_last_record_as_the_pods_own) {
  LocalStore store(files::Folder::open(directory_).value());
  ASSERT_TRUE(store.write(record("v1"), {}));
  ASSERT_TRUE(store.write(record("v2"), {}));
  const auto wanted = store.read({});
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->own, record("v2").files);
  EXPECT_TRUE(wanted->latest.empty());
}

TEST_F(LocalStore_, leaves_nothing_beside_the_result) {
  LocalStore store(files::Folder::open(directory_).value());
  ASSERT_TRUE(store.write(record("v1"), {}));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_), {}), 1);
}

TEST_F(LocalStore_, is_for_its_owner_only) {
  LocalStore store(files::Folder::open(directory_).value());
  ASSERT_TRUE(store.write(record("v1"), {}));
  EXPECT_EQ(std::filesystem::status(directory_ / "result.json").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(LocalStore_, leaves_nothing_beside_what_it_cannot_replace) {
  std::filesystem::create_directory(directory_ / "result.json");
  LocalStore store(files::Folder::open(directory_).value());
  EXPECT_FALSE(store.write(record("v1"), {}));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_), {}), 1);
}

TEST_F(LocalStore_, is_empty_without_a_file_and_with_an_unreadable_one) {
  LocalStore store(files::Folder::open(directory_).value());
  EXPECT_TRUE(store.read({})->own.empty());
  std::ofstream(directory_ / "result.json") << "{\"version\": \"v";
  const auto wanted = store.read({});
  ASSERT_TRUE(wanted);
  EXPECT_TRUE(wanted->own.empty());
}

TEST_F(LocalStore_, names_the_file_that_cannot_be_written) {
  std::filesystem::create_directory(directory_ / "missing");
  LocalStore store(files::Folder::open(directory_ / "missing").value());
  std::filesystem::remove(directory_ / "missing");
  const auto written = store.write(record("v1"), {});
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("missing/result.json"), std::string::npos);
}

}  // namespace
}  // namespace okg::results
