#include "bundle/write.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "base/io/unique_fd.hpp"
#include "base/text/bytes.hpp"
#include "content/archive/reader.hpp"
#include "content/manifest/manifest.hpp"
#include "temporary_folder.hpp"

namespace okg::bundle {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

/// What the sidecar makes of an archive.
class Unpacked final : public content::EntrySink {
 public:
  Result<void> begin(const content::Entry& entry) override {
    entries[at_ = entry.path] = entry;
    return {};
  }
  Result<void> write(std::span<const std::byte> bytes) override {
    content[at_] += as_text(bytes);
    return {};
  }
  Result<void> end() override { return {}; }

  std::map<std::string, content::Entry> entries;
  std::map<std::string, std::string> content;

 private:
  std::string at_;
};

/// A folder to be sent, and one beside it for what is made of it.
class Write : public testing::Test {
 protected:
  Write() {
    folder_.write("maps/1.json", "{}");
    fs::permissions(folder_.write("run", "#!"), fs::perms::owner_all);
  }
  [[nodiscard]] fs::path output(const std::string& name) const { return out_.path() / name; }
  [[nodiscard]] auto pack(const std::string& name) const {
    return write_archive(folder_.path(), output(name));
  }
  [[nodiscard]] auto manifest(const std::string& base_url = "") const {
    return manifest_of(folder_.path(), base_url, {});
  }
  void unpack(const std::string& name) {
    const unique_fd file(::open(output(name).c_str(), O_RDONLY | O_CLOEXEC));
    content::ArchiveSource source;
    source.fd = file.get();
    content::ArchiveLimits limits;
    limits.allow_symlinks = {true};
    ASSERT_TRUE(content::read_archive(source, limits, unpacked_, {}));
  }

  tests::TemporaryFolder folder_;
  tests::TemporaryFolder out_;
  Unpacked unpacked_;
};

using WriteArchive = Write;
using ManifestOf = Write;

TEST_F(WriteArchive, is_read_back_as_it_was) {
  fs::create_directory(folder_.path() / "empty");
  fs::create_symlink("maps/1.json", folder_.path() / "now");
  ASSERT_TRUE(pack("v1.tar.zst"));
  unpack("v1.tar.zst");
  EXPECT_EQ(unpacked_.content["maps/1.json"], "{}");
  EXPECT_TRUE(unpacked_.entries["run"].is_executable);
  EXPECT_FALSE(unpacked_.entries["maps/1.json"].is_executable);
  EXPECT_EQ(unpacked_.entries["empty"].kind, content::EntryKind::kFolder);
  EXPECT_EQ(unpacked_.entries["now"].link, "maps/1.json");
}

TEST_F(WriteArchive, returns_the_checksum_of_the_file) {
  const auto sha256 = pack("v1.tar").value();
  EXPECT_EQ(sha256, sha256_of(out_.read("v1.tar")));
}

TEST_F(WriteArchive, gives_the_same_bytes_whatever_the_times) {
  const auto before = pack("v1.tar.gz").value();
  fs::last_write_time(folder_.path() / "run", fs::file_time_type{});
  EXPECT_EQ(pack("v2.tar.gz").value(), before);
}

TEST_F(WriteArchive, leaves_nothing_of_what_cannot_be_packed) {
  EXPECT_FALSE(pack("v1.rar"));
  EXPECT_TRUE(fs::is_empty(out_.path()));
}

TEST_F(ManifestOf, has_a_line_for_each_file) {
  const auto empty = sha256_of("{}").hex();
  EXPECT_EQ(manifest()->json, "{\"files\":[\n{\"path\":\"maps/1.json\",\"sha256\":\"" + empty +
                                  "\",\"bytes\":2,\"mode\":\"0644\",\"url\":\"maps/1.json\"},\n"
                                  "{\"path\":\"run\",\"sha256\":\"" +
                                  sha256_of("#!").hex() +
                                  "\",\"bytes\":2,\"mode\":\"0755\",\"url\":\"run\"}\n]}\n");
}

TEST_F(ManifestOf, is_read_back_as_it_was) {
  const auto files = content::parse_manifest(manifest()->json, {}, {}).value();
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].path, "maps/1.json");
  EXPECT_EQ(files[0].sha256, sha256_of("{}"));
  EXPECT_TRUE(files[1].is_executable);
}

std::vector<std::string> urls_of(const Result<ManifestText>& text) {
  std::vector<std::string> urls;
  const auto json = nlohmann::json::parse(text.value().json);
  for (const auto& file : json["files"]) urls.push_back(file["url"]);
  return urls;
}

TEST_F(ManifestOf, puts_the_base_url_before_each_path) {
  const auto expected = ElementsAre("https://cdn/v1/maps/1.json", "https://cdn/v1/run");
  EXPECT_THAT(urls_of(manifest("https://cdn/v1")), expected);
  EXPECT_THAT(urls_of(manifest("https://cdn/v1/")), expected);
}

TEST_F(ManifestOf, takes_a_base_url_that_is_a_path) {
  EXPECT_THAT(urls_of(manifest("../files")), ElementsAre("../files/maps/1.json", "../files/run"));
}

TEST_F(ManifestOf, encodes_names_as_urls_want_them) {
  folder_.write("a b#?.txt", "");
  EXPECT_THAT(urls_of(manifest()), testing::Contains("a%20b%23%3F.txt"));
}

TEST_F(ManifestOf, refuses_a_base_url_that_no_path_can_stand_behind) {
  for (const auto* base : {"https://x/y?t=1", "https://x/y#f"})
    EXPECT_THAT(manifest(base).error().message, HasSubstr("has a query or a fragment")) << base;
  for (const auto* base : {"https://x/a b", "a\\b", "https://x/\u00fc", "https://x/{}"})
    EXPECT_THAT(manifest(base).error().message, HasSubstr("a character that no URL has")) << base;
  EXPECT_EQ(manifest("ftp://x").error().message,
            "--base-url 'ftp://x' is none of http, https or s3");
}

TEST_F(ManifestOf, counts_the_empty_folders_that_it_cannot_list) {
  fs::create_directories(folder_.path() / "maps/none");
  fs::create_directories(folder_.path() / "a/b");
  EXPECT_EQ(manifest()->empty_folders, 2U);
}

TEST_F(ManifestOf, refuses_a_symlink) {
  fs::create_symlink("run", folder_.path() / "now");
  const auto error = manifest().error();
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_THAT(error.message, HasSubstr("/now is a symlink"));
}

TEST_F(ManifestOf, names_a_file_that_cannot_be_opened) {
  const auto error = manifest_of(out_.path() / "no", "", {}).error();
  EXPECT_THAT(error.message, HasSubstr("list " + (out_.path() / "no").string()));
}

}  // namespace
}  // namespace okg::bundle
