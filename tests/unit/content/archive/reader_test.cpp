#include "content/archive/reader.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

#include "base/io/unique_fd.hpp"
#include "limits/documented.hpp"
#include "packed.hpp"
#include "temporary_folder.hpp"

namespace okg::content {
namespace {

/// Keeps what comes.
class Noted : public EntrySink {
 public:
  Result<void> begin(const Entry& entry) override {
    entries[entry.path] = entry;
    at_ = entry.path;
    return {};
  }
  Result<void> write(std::span<const std::byte> bytes) override {
    content[at_].append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  Result<void> end() override { return {}; }

  std::map<std::string, Entry> entries;
  std::map<std::string, std::string> content;

 private:
  std::string at_;
};

unique_fd file_with(const std::string& text) {
  const tests::TemporaryFolder folder;
  return unique_fd(::open(folder.write("archive", text).c_str(), O_RDWR | O_CLOEXEC));
}

class ReaderTest : public testing::Test {
 protected:
  Result<std::uint64_t> read(const std::string& text) {
    const auto file = file_with(text);
    source_.fd = file.get();
    noted_.entries.clear();
    noted_.content.clear();
    steps_.clear();
    return read_archive(source_, limits_, noted_, {},
                        [this](const auto& progress) { steps_.push_back(progress); });
  }
  void expect_refused(const std::string& text, const std::string& words) {
    const auto done = read(text);
    ASSERT_FALSE(done) << "not refused: " << words;
    EXPECT_EQ(done.error().code, ErrorCode::kRefused) << done.error().message;
    EXPECT_THAT(done.error().reason, testing::AnyOf(Reason::kUnsafeArchive, Reason::kTooLarge));
    EXPECT_NE(done.error().message.find(words), std::string::npos) << done.error().message;
  }

  ArchiveSource source_;
  ArchiveLimits limits_;
  Noted noted_;
  std::vector<UnpackProgress> steps_;  ///< of the last read()
};

const std::vector<TarEntry> kGame{{"./", "", '5'},
                                  {"./maps/", "", '5'},
                                  {"./maps/1.json", "one"},
                                  {"./run.sh", "#!", '0', "", 06755},
                                  {"./empty", ""}};

TEST_F(ReaderTest, reads_a_tar_however_it_is_packed) {
  const auto plain = tar_of(kGame);
  for (const auto& text : {plain, gzip(plain), zstd(plain), xz(plain)}) {
    const auto done = read(text);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(*done, 3U);
    EXPECT_EQ(noted_.content["maps/1.json"], "one");
    EXPECT_EQ(noted_.entries["maps"].kind, EntryKind::kFolder);
    EXPECT_TRUE(noted_.entries["run.sh"].is_executable);
    EXPECT_FALSE(noted_.entries["maps/1.json"].is_executable);
    EXPECT_EQ(noted_.entries.count("empty"), 1U);
  }
}

TEST_F(ReaderTest, reads_streams_in_a_row_as_one) {
  const auto plain = tar_of(kGame);
  const auto half = plain.size() / 2;
  for (const auto& pack : {gzip, zstd, xz})
    EXPECT_TRUE(read(pack(plain.substr(0, half)) + pack(plain.substr(half))));
}

TEST_F(ReaderTest, tells_how_many_files_of_a_tar_are_there_at_its_end) {
  const auto text = zstd(tar_of(kGame));
  ASSERT_TRUE(read(text));
  EXPECT_EQ(steps_.front().bytes_done, 0U);
  EXPECT_EQ(steps_.front().bytes_total, text.size());
  EXPECT_EQ(steps_.front().files_total, std::nullopt);
  EXPECT_EQ(steps_.back().bytes_done, text.size());
  EXPECT_EQ(steps_.back().files_done, 3U);
  EXPECT_EQ(steps_.back().files_total, 3U);
}

TEST_F(ReaderTest, tells_beforehand_how_many_files_of_a_zip_are_taken) {
  source_.selection.include = {"maps/**"};
  ASSERT_TRUE(read(zip_of({{"maps/", "", 0, 0040755}, {"maps/1", "one"}, {"run", "x"}})));
  EXPECT_EQ(steps_.front().files_done, 0U);
  EXPECT_EQ(steps_.front().files_total, 1U);
  EXPECT_EQ(steps_.back().files_done, 1U);
}

TEST_F(ReaderTest, reads_a_zip_with_names_in_utf8) {
  const auto done =
      read(zip_of({{"地图/1.json", "one"}, {"a/", "", 0, 0040755}, {"run", "x", 0, 0100755}}));
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(noted_.content["地图/1.json"], "one");
  EXPECT_EQ(noted_.entries["a"].kind, EntryKind::kFolder);
  EXPECT_TRUE(noted_.entries["run"].is_executable);
}

TEST_F(ReaderTest, reads_names_in_gbk_when_that_is_said) {
  const std::string name = "\xb5\xd8\xcd\xbc.txt";  // 地图.txt
  expect_refused(zip_of({{name, "one", 0}}), "nameEncoding");
  source_.names = NameEncoding::kGbk;
  ASSERT_TRUE(read(zip_of({{name, "one", 0}})));
  EXPECT_EQ(noted_.content["地图.txt"], "one");
  expect_refused(zip_of({{"\xff\xff", "one", 0}}), "GBK");
}

TEST_F(ReaderTest, reads_names_in_utf8_from_a_pax_header) {
  const std::string record = "24 path=地图/长.json\n";
  const auto text = tar_of({{"PaxHeader", record, 'x'}, {"short", "one"}});
  const auto done = read(text);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(noted_.content["地图/长.json"], "one");
}

TEST_F(ReaderTest, leaves_out_what_is_not_selected) {
  source_.selection = {1, {"*.json", "web"}, {"secret*"}};
  const auto done = read(tar_of({{"v2/a.json", "1"},
                                 {"v2/web/x/y.css", "2"},
                                 {"v2/b.txt", "3"},
                                 {"v2/secret.json", "4"},
                                 {"top", "5"}}));
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(*done, 2U);
  EXPECT_EQ(noted_.content,
            (std::map<std::string, std::string>{{"a.json", "1"}, {"web/x/y.css", "2"}}));
  source_.selection = {9, {}, {}};
  expect_refused(tar_of(kGame), "stripComponents");
}

TEST_F(ReaderTest, refuses_names_that_leave_the_folder_or_cannot_be_meant) {
  const std::vector<std::pair<std::string, std::string>> names{
      {"/etc/passwd", "absolute"}, {"../up", "'..'"},
      {"a/../../up", "'..'"},      {"a/..", "'..'"},
      {"a\nb", "control"},         {"a\x7f", "control"},
      {"a\\b", "backslash"},       {"..\\up", "backslash"},
      {"\xff\xfe", "UTF-8"},       {"a\u202e.txt", "text direction"}};
  for (const auto& [name, words] : names) {
    expect_refused(tar_of({{"good", "x"}, {name, "x"}}), words);
    expect_refused(zip_of({{"good", "x"}, {name, "x"}}), words);
  }
  expect_refused(zip_of({{std::string("a\0b", 3), "x"}}), "NUL");
  expect_refused(zip_of({{std::string(256, 'a'), "x"}}), "255");
  std::string deep;
  while (deep.size() < 1100) deep += "folder/";
  expect_refused(zip_of({{deep + "a", "x"}}), "1024");
}

TEST_F(ReaderTest, refuses_names_also_of_what_is_not_selected) {
  source_.selection.exclude = {"*"};
  expect_refused(tar_of({{"../up", "x"}}), "'..'");
}

TEST_F(ReaderTest, refuses_names_that_collide) {
  expect_refused(tar_of({{"a", "1"}, {"a", "2"}}), "twice");
  expect_refused(tar_of({{"a", "1"}, {"./a", "2"}}), "twice");
  expect_refused(zip_of({{"a", "1"}, {"a", "2"}}), "twice");
  expect_refused(tar_of({{"a/", "", '5'}, {"a/", "", '5'}}), "twice");
  expect_refused(tar_of({{"README", "1"}, {"readme", "2"}}), "case or Unicode");
  expect_refused(tar_of({{"Maps/1", "1"}, {"maps/2", "2"}}), "case or Unicode");
  expect_refused(tar_of({{"caf\u00e9", "1"}, {"cafe\u0301", "2"}}), "case or Unicode");
  expect_refused(tar_of({{"stra\u00dfe", "1"}, {"STRASSE", "2"}}), "case or Unicode");
  expect_refused(tar_of({{"a", "1"}, {"a/b", "2"}}), "no folder");
  expect_refused(tar_of({{"a/b", "1"}, {"a", "2"}}), "both as a folder");
  expect_refused(tar_of({{"a", "1"}, {"a/", "", '5'}}), "both as a folder");
}

TEST_F(ReaderTest, refuses_what_is_neither_file_nor_folder) {
  expect_refused(tar_of({{"a", "", '3'}}), "device");
  expect_refused(tar_of({{"a", "", '4'}}), "device");
  expect_refused(tar_of({{"a", "", '6'}}), "FIFO");
  expect_refused(tar_of({{"a", "", '2', "b"}}), "symlink");
  limits_.allow_symlinks.key = "archive.allowSymlinks";
  expect_refused(zip_of({{"a", "b", 0x800, 0120777}}), "or set archive.allowSymlinks");
  expect_refused(tar_of({{"a", "", '1', "/etc/passwd"}}), "absolute");
  expect_refused(tar_of({{"a", "", '1', "../b"}}), "'..'");
  expect_refused(tar_of({{"a", "", '1', "b"}, {"b", "x"}}), "hard link");
}

TEST_F(ReaderTest, takes_hard_links_to_what_came_before) {
  ASSERT_TRUE(read(tar_of({{"a", "x"}, {"b", "", '1', "./a"}})));
  EXPECT_EQ(noted_.entries["b"].kind, EntryKind::kHardLink);
  EXPECT_EQ(noted_.entries["b"].link, "a");
  EXPECT_TRUE(read(tar_of({{"a", "x"}, {"b", "", '1', "a"}, {"c", "", '1', "b"}})));
}

TEST_F(ReaderTest, takes_symlinks_that_stay_inside_when_they_are_allowed) {
  limits_.allow_symlinks.value = true;
  EXPECT_TRUE(read(tar_of({{"b", "x"}, {"a", "", '2', "b"}, {"c/d", "", '2', "../b"}})));
  for (const auto* target : {"/etc/passwd", "..", "../b", "x/../..", "x/../y"})
    expect_refused(tar_of({{"x/y", "1"}, {"a", "", '2', target}}), "leads out");
  // Below a symlink nothing is written.
  expect_refused(tar_of({{"x/y", "1"}, {"a", "", '2', "x"}, {"a/z", "2"}}), "no folder");
}

TEST_F(ReaderTest, takes_as_much_as_it_may) {
  limits_.max_files = {2, "archive.maxFiles"};
  limits_.max_bytes = {6, "archive.maxBytes"};
  EXPECT_TRUE(read(tar_of({{"a", "123"}, {"b", "123"}})));
  EXPECT_TRUE(read(zip_of({{"a", "123"}, {"b", "123"}})));
  limits_.max_bytes = {5, "archive.maxBytes"};
  expect_refused(tar_of({{"a", "123"}, {"b", "123"}}), "maxBytes");
  expect_refused(zip_of({{"a", "123"}, {"b", "123"}}), "maxBytes");
}

TEST_F(ReaderTest, refuses_what_is_too_much) {
  limits_.max_files = {2, "archive.maxFiles"};
  expect_refused(tar_of({{"a", "1"}, {"b", "1"}, {"c", "1"}}), "maxFiles");
  expect_refused(zip_of({{"a", "1"}, {"b", "1"}, {"c", "1"}}), "maxFiles");
  limits_.max_files = {100, "archive.maxFiles"};
  limits_.max_bytes = {5, "archive.maxBytes"};
  expect_refused(tar_of({{"a", "123"}, {"b", "123"}}), "maxBytes");
  expect_refused(zip_of({{"a", "123"}, {"b", "123"}}), "maxBytes");
}

TEST_F(ReaderTest, refuses_a_bomb_however_it_is_packed) {
  const auto bomb = tar_of({{"zeros", std::string(std::size_t{9} << 20U, '\0')}});
  for (const auto& pack : {gzip, zstd, xz}) expect_refused(pack(bomb), "bomb");
  source_.selection.exclude = {"zeros"};
  expect_refused(zstd(bomb), "bomb");
}

TEST_F(ReaderTest, refuses_a_bomb_that_is_in_no_file) {
  const std::string zeros(std::size_t{9} << 20U, '\0');
  expect_refused(zstd(tar_of({{"a", "x"}}) + zeros), "bomb");
  expect_refused(zstd(tar_of({{"a", "x"}, {"d/", zeros, '5'}})), "bomb");
  expect_refused(zstd(tar_of({{"a", "x"}, {"b", zeros, '1', "a"}})), "bomb");
  limits_.max_bytes = {5, "archive.maxBytes"};
  expect_refused(tar_of({{"a", "x"}}) + zeros, "maxBytes");
}

/// A zip whose directory has that many bytes, all of them 0.
Error refusal_of_directory(std::uint64_t bytes) {
  const auto file = file_with("");
  const auto begin = std::string("PK\x03\x04");
  const auto end = std::string("PK\x05\x06") + little(0, 4) + little(1, 2) + little(1, 2) +
                   little(bytes, 4) + little(begin.size(), 4) + little(0, 2);
  const auto put = [&](const std::string& text, std::uint64_t at) {
    EXPECT_EQ(::pwrite(file.get(), text.data(), text.size(), static_cast<off_t>(at)),
              static_cast<ssize_t>(text.size()));
  };
  put(begin, 0);
  put(end, begin.size() + bytes);
  ArchiveSource source;
  source.fd = file.get();
  Noted noted;
  return read_archive(source, {}, noted, {}).error();
}

TEST_F(ReaderTest, reads_a_directory_of_a_zip_as_large_as_documented) {
  const auto most = limits::documented("directory of a zip");
  EXPECT_NE(refusal_of_directory(most).message.find("cut short"), std::string::npos)
      << "it is read: zeros are no entry";
  const auto refused = refusal_of_directory(most + 1);
  EXPECT_EQ(refused.reason, Reason::kUnsafeArchive);
  EXPECT_NE(refused.message.find("larger than 32 MiB"), std::string::npos) << refused.message;
}

TEST_F(ReaderTest, takes_many_headers_for_no_bomb) {
  std::vector<TarEntry> entries;
  for (int i = 0; i < 20'000; ++i) entries.push_back({"f" + std::to_string(i), ""});
  limits_.max_bytes.value = limits_.max_ratio.value = 1;
  EXPECT_TRUE(read(zstd(tar_of(entries))));
}

TEST_F(ReaderTest, refuses_a_zip_whose_entries_overlap) {
  expect_refused(zip_of({{"a", "1"}, {"b", "2", 0x800, 0100644, 0}}), "overlap");
  expect_refused(zip_of({{"a", "1", 0x800, 0100644, 60}}), "overlap");
}

TEST_F(ReaderTest, refuses_what_is_encrypted) {
  expect_refused(zip_of({{"a", "1", 0x801}}), "encrypted");
}

TEST_F(ReaderTest, refuses_what_is_cut_short_at_any_byte) {
  const auto plain = tar_of({{"a", "some content"}, {"b", std::string(600, 'x')}});
  const std::vector<std::string> whole{plain, gzip(plain), zstd(plain), xz(plain),
                                       zip_of({{"a", "some content"}, {"b", "more"}})};
  for (const auto& text : whole) {
    // A tar may lack the second of its two blocks of zeros.
    const auto end = &text == &whole.front() ? text.size() - 512 : text.size();
    for (std::size_t length = 0; length<end; length += text.size()> 1000 ? 7 : 1)
      EXPECT_FALSE(read(text.substr(0, length))) << length << " of " << text.size();
  }
}

TEST_F(ReaderTest, refuses_what_is_followed_by_something_else) {
  const auto plain = tar_of({{"a", "x"}});
  for (const auto& text : {plain, gzip(plain), zstd(plain), xz(plain), zip_of({{"a", "x"}})})
    expect_refused(text + "garbage", "trailing garbage");
  EXPECT_TRUE(read(plain + std::string(8192, '\0'))) << "tar(1) fills up its last record";
}

TEST_F(ReaderTest, takes_the_zeros_that_fill_up_a_file) {
  const auto plain = tar_of({{"a", "x"}});
  for (const auto& pack : {gzip, xz}) {
    const auto half = pack(plain.substr(0, 512)) + std::string(8, '\0');
    EXPECT_TRUE(read(half + pack(plain.substr(512)) + std::string(4, '\0')));
  }
  expect_refused(xz(plain) + std::string(3, '\0'), "trailing garbage");
  expect_refused(zstd(plain) + std::string(4, '\0'), "trailing garbage");
}

TEST_F(ReaderTest, finds_the_end_of_a_zip_as_any_tool_writes_it) {
  const auto zip = zip_of({{"a", "x"}, {"b", "y"}});
  const auto record = zip.substr(zip.size() - 22);
  for (const auto& text : {with_zip64(zip), with_comment(zip, "PK\x05\x06 is how it ends"),
                           with_comment(zip, record.substr(0, 20) + "\xff\xff"),
                           with_comment(zip, std::string(60'000, 'c')),
                           with_comment(with_zip64(zip), "PK\x06\x07 PK\x05\x06 PK")}) {
    const auto done = read(text);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(noted_.content, (std::map<std::string, std::string>{{"a", "x"}, {"b", "y"}}));
  }
  auto other = with_zip64(zip);
  other[other.size() - 12] = 9;  // the plain record has other entries than the large one
  expect_refused(other, "damaged");
}

TEST_F(ReaderTest, leaves_out_also_what_it_would_refuse) {
  source_.selection.exclude = {"docs"};
  for (const char type : {'1', '2', '3', '4', '6'}) {
    const auto done = read(tar_of({{"a", "x"}, {"docs/b", "x"}, {"docs/c", "", type, "docs/b"}}));
    EXPECT_TRUE(done) << type << ": " << done.error().message;
  }
  expect_refused(tar_of({{"docs/b", "x"}, {"c", "", '1', "docs/b"}}), "which is not taken");
}

TEST_F(ReaderTest, refuses_what_is_damaged) {
  expect_refused(zip_of({{"a", "x", 0x800, 0100644, -1, 12345}}), "damaged");
  auto packed = gzip(tar_of(kGame));
  packed[packed.size() - 6] = static_cast<char>(packed[packed.size() - 6] ^ 1);
  expect_refused(packed, "damaged");
  expect_refused("before" + zip_of({{"a", "x"}}), "something else before it");
}

TEST_F(ReaderTest, refuses_what_is_no_archive) {
  expect_refused("<html>hello</html>", "no archive");
  expect_refused(gzip("<html>hello</html>"), "no archive");
  expect_refused("", "no archive");
  expect_refused(tar_of({}), "no file");
  expect_refused(zip_of({}), "no file");
  expect_refused(tar_of({{"a/", "", '5'}}), "no file");
}

TEST_F(ReaderTest, refuses_a_window_that_takes_too_much_memory) {
  EXPECT_EQ(kMaxDecoderBytes, limits::documented("memory to unpack a stream"));
  std::string frame("\x28\xb5\x2f\xfd", 4);
  frame += little(0x00, 1) + little((27U - 10U) << 3U, 1);  // a window of 128 MiB
  frame += std::string(64, '\0');
  expect_refused(frame, "memory");
}

/// Is stopped by the first bytes that come.
class Stopped : public Noted {
 public:
  Result<void> write(std::span<const std::byte> bytes) override {
    stop.request_stop();
    return Noted::write(bytes);
  }

  std::stop_source stop;
};

TEST_F(ReaderTest, ends_when_it_is_stopped_also_within_a_file_and_behind_the_last) {
  const std::string much(std::size_t{1} << 20U, 'x');
  const std::string zeros(std::size_t{1} << 20U, '\0');
  for (const auto& text : {tar_of(kGame), zstd(tar_of({{"a", much}})), zip_of({{"a", much}}),
                           zstd(tar_of({{"a", "x"}}) + zeros)}) {
    const auto file = file_with(text);
    source_.fd = file.get();
    Stopped stopped;
    const auto done = read_archive(source_, limits_, stopped, stopped.stop.get_token());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::kStopping);
    EXPECT_LT(stopped.content["a"].size(), much.size());
  }
}

}  // namespace
}  // namespace okg::content
