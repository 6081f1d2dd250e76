#include "content/manifest/manifest.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "base/io/unique_fd.hpp"
#include "limits/documented.hpp"
#include "temporary_folder.hpp"

namespace okg::content {
namespace {

using ::testing::HasSubstr;

const std::string kDigest(64, 'a');

/// One file with these members beside its checksum.
std::string file(const std::string& members) {
  return R"({"sha256":")" + kDigest + "\"," + members + "}";
}
std::string manifest(const std::string& files) { return R"({"files":[)" + files + "]}"; }

Result<std::vector<ManifestFile>> parse(const std::string& text, const Selection& selection = {},
                                        const ArchiveLimits& limits = {}) {
  return parse_manifest(text, selection, limits);
}

/// Why it is refused, or nothing.
std::string refusal(const std::string& text, const ArchiveLimits& limits = {}) {
  const auto files = parse(text, {}, limits);
  if (files) return "";
  EXPECT_EQ(files.error().code, ErrorCode::kRefused);
  return files.error().message;
}

TEST(Manifest, has_all_of_a_file) {
  const auto files = parse(
      manifest(file(R"("path":"maps/1.json","bytes":12,"mode":"0755","url":"http://h/1?k=v")")));
  ASSERT_TRUE(files) << files.error().message;
  ASSERT_EQ(files->size(), 1U);
  const auto& only = files->front();
  EXPECT_EQ(only.path, "maps/1.json");
  EXPECT_EQ(only.sha256.hex(), kDigest);
  EXPECT_EQ(only.bytes, 12U);
  EXPECT_TRUE(only.is_executable);
  EXPECT_EQ(only.url, "http://h/1?k=v");
}

TEST(Manifest, needs_a_path_and_a_checksum_alone) {
  const auto files = parse(manifest(file(R"("path":"a")")));
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_EQ(files->front().bytes, std::nullopt);
  EXPECT_FALSE(files->front().is_executable);
  EXPECT_EQ(files->front().url, "");
}

TEST(Manifest, counts_what_is_wanted_alone) {
  ArchiveLimits limits;
  limits.max_bytes = {10, "archive.maxBytes"};
  const auto text =
      manifest(file(R"("path":"a","bytes":6)") + "," + file(R"("path":"b","bytes":6)"));
  EXPECT_THAT(refusal(text, limits), HasSubstr("archive.maxBytes (10"));
  const Selection without_b{0, {}, {"b"}};
  EXPECT_TRUE(parse(text, without_b, limits));
}

TEST(Manifest, passes_over_members_that_it_does_not_know) {
  const auto files = parse(R"({"generator":{"files":[1]},"files":[)" +
                           file(R"("path":"a","owner":"me","tags":[1,{"path":"b"}],"x":null)") +
                           R"(],"version":3})");
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_EQ(files->size(), 1U);
}

TEST(Manifest, takes_the_owners_x_from_any_usual_form_of_a_mode) {
  for (const auto* mode : {R"("755")", R"("0700")", R"("100755")", "493"}) {
    const auto files = parse(manifest(file(std::string(R"("path":"a","mode":)") + mode)));
    ASSERT_TRUE(files) << mode << files.error().message;
    EXPECT_TRUE(files->front().is_executable) << mode;
  }
  for (const auto* mode : {R"("644")", R"("0655")", "420"}) {
    const auto files = parse(manifest(file(std::string(R"("path":"a","mode":)") + mode)));
    ASSERT_TRUE(files) << mode << files.error().message;
    EXPECT_FALSE(files->front().is_executable) << mode;
  }
}

TEST(Manifest, refuses_what_is_not_a_list_of_files) {
  EXPECT_THAT(refusal(""), HasSubstr("no JSON"));
  EXPECT_THAT(refusal("<html>404</html>"), HasSubstr("no JSON"));
  EXPECT_THAT(refusal("{}"), HasSubstr("no list \"files\""));
  EXPECT_THAT(refusal("[]"), HasSubstr("no list \"files\""));
  EXPECT_THAT(refusal(R"({"files":{}})"), HasSubstr("no list \"files\""));
  EXPECT_THAT(refusal(manifest("")), HasSubstr("holds no file"));
  EXPECT_THAT(refusal(manifest("1")), HasSubstr("no object"));
  EXPECT_THAT(refusal(manifest("[]")), HasSubstr("no object"));
  EXPECT_THAT(refusal(manifest(R"(["path"],)" + file(R"("path":"a")"))), HasSubstr("no object"));
}

TEST(Manifest, refuses_one_that_is_cut_short_at_any_byte) {
  const auto whole = manifest(file(R"("path":"a","bytes":1)") + "," + file(R"("path":"b")"));
  ASSERT_EQ(refusal(whole), "");
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes)
    EXPECT_NE(refusal(whole.substr(0, bytes)), "") << bytes;
  EXPECT_THAT(refusal(whole + "x"), HasSubstr("no JSON"));
}

TEST(Manifest, refuses_a_nul_wherever_it_stands) {
  const auto whole = manifest(file(R"("path":"a","bytes":1)"));
  for (std::size_t at = 0; at <= whole.size(); ++at) {
    auto text = whole;
    EXPECT_THAT(refusal(text.insert(at, 1, '\0')), HasSubstr("no JSON")) << at;
  }
}

TEST(Manifest, refuses_members_of_another_type) {
  EXPECT_THAT(refusal(manifest(file(R"("path":1)"))), HasSubstr("\"path\" cannot be"));
  EXPECT_THAT(refusal(manifest(file(R"("path":"a","bytes":"1")"))), HasSubstr("\"bytes\" cannot"));
  EXPECT_THAT(refusal(manifest(file(R"("path":"a","bytes":-1)"))), HasSubstr("\"bytes\" cannot"));
  const std::vector<std::pair<std::string, std::string>> kNumbers{
      {"1.5", "a fraction or an exponent"},
      {"1e3", "a fraction or an exponent"},
      {"18446744073709551616", "larger than"},
      {"-18446744073709551616", "a negative number"},
      {"-0", "a negative number"},
  };
  for (const auto& [number, words] : kNumbers)
    EXPECT_THAT(refusal(manifest(file(R"("path":"a","bytes":)" + number))),
                AllOf(HasSubstr("\"bytes\" cannot be"), HasSubstr(words)))
        << number;
  EXPECT_THAT(refusal(manifest(file(R"("path":"a","url":false)"))), HasSubstr("\"url\" cannot"));
  EXPECT_THAT(refusal(manifest(file(R"("path":"a","mode":"rwx")"))), HasSubstr("not octal"));
  EXPECT_THAT(refusal(manifest(file(R"("path":"a","url":"")"))), HasSubstr("empty"));
  EXPECT_THAT(refusal(manifest(R"({"path":"a"})")), HasSubstr("no sha256"));
  EXPECT_THAT(refusal(manifest(R"({"path":"a","sha256":"abc"})")), HasSubstr("64 hexadecimal"));
}

TEST(Manifest, refuses_names_that_an_archive_may_not_have) {
  for (const auto* path : {"/etc/passwd", "../a", "a/../../b", "a\\\\b", "a\\u0000b", "a\\n", ""})
    EXPECT_NE(refusal(manifest(file(R"("path":")" + std::string(path) + "\""))), "") << path;
  EXPECT_THAT(refusal(manifest(file(R"("path":"a/")"))), HasSubstr("names no file"));
}

TEST(Manifest, refuses_two_files_of_one_name) {
  EXPECT_NE(refusal(manifest(file(R"("path":"a")") + "," + file(R"("path":"a")"))), "");
  EXPECT_NE(refusal(manifest(file(R"("path":"a")") + "," + file(R"("path":"./a")"))), "");
  EXPECT_NE(refusal(manifest(file(R"("path":"a")") + "," + file(R"("path":"A")"))), "");
  EXPECT_NE(refusal(manifest(file(R"("path":"a")") + "," + file(R"("path":"a/b")"))), "");
}

TEST(Manifest, refuses_more_than_its_limits) {
  ArchiveLimits limits;
  limits.max_files.value = 1;
  const auto two =
      manifest(file(R"("path":"a","bytes":6)") + "," + file(R"("path":"b","bytes":6)"));
  EXPECT_NE(refusal(two, limits), "");
  limits.max_files.value = 2;
  EXPECT_EQ(refusal(two, limits), "");
  limits.max_bytes.value = 11;
  EXPECT_NE(refusal(two, limits), "");
  limits.max_bytes.value = 12;
  EXPECT_EQ(refusal(two, limits), "");
}

TEST(Manifest, refuses_sizes_whose_sum_overflows) {
  const auto huge = R"("bytes":18446744073709551615)";
  EXPECT_NE(refusal(manifest(file(std::string(R"("path":"a",)") + huge) + "," +
                             file(std::string(R"("path":"b",)") + huge))),
            "");
}

TEST(Manifest, is_as_large_as_documented) {
  const auto most = limits::documented("the list of a manifest");
  const tests::TemporaryFolder folder;
  const unique_fd file(::open(folder.write("manifest", "").c_str(), O_RDWR | O_CLOEXEC));
  const auto read = [&](std::uint64_t bytes) {
    EXPECT_EQ(::ftruncate(file.get(), static_cast<off_t>(bytes)), 0);
    return read_manifest(file.get(), {}, {}).error();
  };
  EXPECT_EQ(read(most).reason, Reason::kInvalidManifest) << "it is read: zeros are no JSON";
  EXPECT_EQ(read(most + 1).reason, Reason::kTooLarge);
}

TEST(Manifest, has_urls_as_long_as_documented) {
  const auto with_url = [](std::size_t bytes) {
    return manifest(file(R"("path":"a","url":")" + std::string(bytes, 'x') + "\""));
  };
  const auto most = limits::documented("url of a file of a manifest");
  EXPECT_EQ(refusal(with_url(most)), "");
  EXPECT_THAT(refusal(with_url(most + 1)), HasSubstr("too long"));
}

TEST(Manifest, nests_as_deep_as_documented) {
  const auto nested = [](std::size_t levels) {  // the outermost one is the manifest itself
    return R"({"x":)" + std::string(levels - 1, '[') + std::string(levels - 1, ']') +
           R"(,"files":[)" + file(R"("path":"a")") + "]}";
  };
  const auto most = limits::documented("levels that it nests");
  EXPECT_EQ(refusal(nested(most)), "");
  EXPECT_THAT(refusal(nested(most + 1)), HasSubstr("nests too deep"));
}

TEST(Manifest, refuses_one_that_nests_deep) {
  const auto deep = R"({"x":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  EXPECT_THAT(refusal(deep), HasSubstr("nests too deep"));
}

TEST(Manifest, holds_what_is_selected_under_its_new_name) {
  Selection selection;
  selection.strip_components = 1;
  selection.exclude = {"*.map"};
  const auto files =
      parse(manifest(file(R"("path":"v2/a.js")") + "," + file(R"("path":"v2/a.js.map")") + "," +
                     file(R"("path":"top")")),
            selection);
  ASSERT_TRUE(files) << files.error().message;
  ASSERT_EQ(files->size(), 1U);
  EXPECT_EQ(files->front().path, "a.js");
  EXPECT_EQ(files->front().url, "v2/a.js");
}

TEST(Manifest, says_so_when_nothing_is_selected) {
  Selection selection;
  selection.include = {"*.lua"};
  const auto files = parse(manifest(file(R"("path":"a.js")")), selection);
  ASSERT_FALSE(files);
  EXPECT_THAT(files.error().message, HasSubstr("none that is wanted"));
}

TEST(UrlOf, is_the_path_beside_the_manifest) {
  const ManifestFile file{"maps/a b#1?.json", ""};
  EXPECT_EQ(url_of(file, "http://h/v2/manifest.json?token=1").value(),
            "http://h/v2/maps/a%20b%231%3F.json");
}

TEST(UrlOf, is_what_the_manifest_says) {
  const std::string base = "http://h/v2/manifest.json";
  EXPECT_EQ(url_of({"a", "../v1/a"}, base).value(), "http://h/v1/a");
  EXPECT_EQ(url_of({"a", "/blobs/a?k=v"}, base).value(), "http://h/blobs/a?k=v");
  EXPECT_EQ(url_of({"a", "https://other/a"}, base).value(), "https://other/a");
}

TEST(UrlOf, is_refused_where_it_is_of_no_source) {
  const auto url = url_of({"a", "file:///etc/passwd"}, "http://h/manifest.json");
  ASSERT_FALSE(url);
  EXPECT_THAT(url.error().message, HasSubstr("'a'"));
}

TEST(PathAsUrl, escapes_what_a_url_gives_a_meaning) {
  EXPECT_EQ(path_as_url("a b/ü#?%.json"), "a%20b/%C3%BC%23%3F%25.json");
}

}  // namespace
}  // namespace okg::content
