#include "plugins/hot_update/update/obtain/suspicious_content.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "base/io/unique_fd.hpp"

namespace okg::hot_update {
namespace {

Outcome outcome_of(const std::string& path, const std::string& url = "http://h/download") {
  Outcome outcome;
  outcome.path = path;
  outcome.url = url;
  return outcome;
}

unique_fd file_of(const std::string& text) {
  unique_fd file(::memfd_create("content", MFD_CLOEXEC));
  EXPECT_EQ(::write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  return file;
}

std::size_t named(const std::string& path, const std::string& url = "http://h/download") {
  auto outcome = outcome_of(path, url);
  warn_if_named_as_archive(outcome);
  return outcome.warnings.size();
}

std::size_t archive(const std::string& path, const std::string& text) {
  auto outcome = outcome_of(path);
  warn_if_archive(outcome, file_of(text).get());
  return outcome.warnings.size();
}

std::size_t page(const std::string& path, const std::string& text) {
  auto outcome = outcome_of(path);
  warn_if_page(outcome, file_of(text).get());
  return outcome.warnings.size();
}

const std::string kZip("PK\x03\x04 and so on", 14);

TEST(SuspiciousContent, is_an_archive_by_the_name_of_its_path) {
  EXPECT_EQ(named("maps.tar.gz"), 1U);
  EXPECT_EQ(named("MAPS.ZIP"), 1U);
  EXPECT_EQ(named("maps.json"), 0U);
}

TEST(SuspiciousContent, is_an_archive_by_the_name_in_its_url) {
  EXPECT_EQ(named("maps", "http://h/maps.zip?sig=1"), 1U);
  EXPECT_EQ(named("maps", "http://h/maps?file=maps.zip"), 0U) << "a query names other things";
}

TEST(SuspiciousContent, is_an_archive_by_its_bytes_under_a_name_that_says_nothing) {
  EXPECT_EQ(archive("maps", kZip), 1U);
  EXPECT_EQ(archive("maps", "text"), 0U);
}

TEST(SuspiciousContent, is_none_under_a_name_that_says_what_it_is) {
  EXPECT_EQ(archive("game.jar", kZip), 0U);
  EXPECT_EQ(archive("v1.2/maps", kZip), 1U) << "a dot of a folder says nothing";
}

TEST(SuspiciousContent, is_warned_of_once) {
  auto outcome = outcome_of("maps", "http://h/maps.zip");
  warn_if_named_as_archive(outcome);
  warn_if_archive(outcome, file_of(kZip).get());
  EXPECT_EQ(outcome.warnings.size(), 1U);
}

TEST(SuspiciousContent, is_a_page_where_data_is_meant) {
  EXPECT_EQ(page("maps.json", "\xef\xbb\xbf\n <!DOCTYPE html><title>Log in</title>"), 1U);
  EXPECT_EQ(page("index.html", "<!doctype html>"), 0U);
  EXPECT_EQ(page("maps.json", "{\"html\": \"<html>\"}"), 0U);
}

TEST(SuspiciousContent, is_an_object_stores_error) {
  const std::string error = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>";
  EXPECT_EQ(page("maps.json", error), 1U);
  EXPECT_EQ(page("index.html", error), 1U) << "under any name";
  EXPECT_EQ(page("maps.xml", "<?xml version=\"1.0\"?><maps/>"), 0U);
}

TEST(SuspiciousContent, is_a_pointer_of_git_lfs) {
  EXPECT_EQ(page("big.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:1\n"), 1U);
}

}  // namespace
}  // namespace okg::hot_update
