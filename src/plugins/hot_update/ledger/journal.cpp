#include "plugins/hot_update/ledger/journal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "base/io/file.hpp"
#include "base/text.hpp"
#include "base/text/hex.hpp"
#include "files/private_folder.hpp"
#include "files/replace.hpp"

namespace okg::hot_update {
namespace {

constexpr std::size_t kChecksumDigits = 16;

std::string checksum(std::string_view text) { return to_hex(stable_hash(text)); }

/// The text of a line; nothing when it is not whole.
std::optional<std::string_view> content_of(std::string_view line) {
  if (line.size() <= kChecksumDigits || line[kChecksumDigits] != ' ') return std::nullopt;
  const auto content = line.substr(kChecksumDigits + 1);
  if (line.substr(0, kChecksumDigits) != checksum(content)) return std::nullopt;
  return content;
}

std::size_t whole_lines_in(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty())
    if (content_of(take_until(text, "\n"))) ++count;
  return count;
}

std::string framed(std::string_view text) {
  return checksum(text) + " " + std::string(text) + "\n";
}

}  // namespace

Result<Journal::Opened> Journal::open(files::Folder folder, std::string name) {
  return open(std::move(folder), std::move(name), Limits());
}

Result<Journal::Opened> Journal::open(files::Folder folder, std::string name, Limits limits) {
  const auto path = folder.path_of(name);
  auto file = folder.open_file(name, O_RDWR | O_CREAT | O_APPEND, 0600);
  if (!file && file.error().code == ErrorCode::kInvalid)
    return fail(ErrorCode::kRefused, file.error().message);
  if (!file) return file.error();
  const auto is_ours = files::has_owner_of(folder, file->get(), path);
  if (!is_ours) return is_ours.error();
  if (!*is_ours) return fail(ErrorCode::kRefused, path, " belongs to another user");
  auto text = read_all(file->get(), limits.file_bytes, path);
  if (!text) return text.error();
  return Journal(std::move(folder), std::move(name), limits, std::move(*file)).take_lines(*text);
}

Result<Journal::Opened> Journal::take_lines(const std::string& text) && {
  std::vector<std::string> lines;
  std::size_t good = 0;
  for (std::size_t end = 0; (end = text.find('\n', good)) != std::string::npos; good = end + 1) {
    const auto line = std::string_view(text).substr(good, end - good);
    if (line.size() >= limits_.line_bytes)
      return fail(ErrorCode::kRefused, path(), " holds a line of ", line.size(), " bytes");
    const auto content = content_of(line);
    if (!content) break;
    lines.emplace_back(*content);
  }
  size_bytes_ = good;
  const auto dropped = text.size() - good;
  const auto dropped_lines = whole_lines_in(std::string_view(text).substr(good));
  if (dropped > 0 && ::ftruncate(file_.get(), static_cast<off_t>(good)) != 0)
    return errno_error("truncate " + path(), errno);
  // The file's own name has to survive as well before anything is promised in it.
  if (auto synced = folder_.sync(); !synced) return synced.error();
  return Opened{std::move(*this), std::move(lines), dropped, dropped_lines};
}

/// Makes good what an earlier error left: nothing may be promised in a file without it.
Result<void> Journal::repair() {
  if (end_is_torn_ && ::ftruncate(file_.get(), static_cast<off_t>(size_bytes_)) != 0)
    return errno_error("truncate " + path(), errno);
  end_is_torn_ = false;
  if (name_is_unsynced_)
    if (auto ok = folder_.sync(); !ok) return ok;
  name_is_unsynced_ = false;
  return {};
}

/// A start would set the journal aside, and all that was promised in it.
Result<void> Journal::check_limits(std::size_t line_bytes, std::uint64_t file_bytes) const {
  if (line_bytes <= limits_.line_bytes && file_bytes <= limits_.file_bytes) return {};
  return fail(ErrorCode::kNoSpace, Reason::kJournalFull, path(),
              " would grow beyond what a start reads (", limits_.file_bytes, " bytes, ",
              limits_.line_bytes, " in a line)");
}

Result<void> Journal::append(std::string_view text, Sync sync) {
  const auto line = framed(text);
  if (auto ok = check_limits(line.size(), size_bytes_ + line.size()); !ok) return ok;
  if (auto ok = repair(); !ok) return ok;
  auto written = write_all(file_.get(), line, path());
  if (written && sync == Sync::kYes && ::fdatasync(file_.get()) != 0)
    written = errno_error("fdatasync " + path(), errno);
  if (!written) {
    // Half a line would make every later one unreadable.
    end_is_torn_ = true;
    (void)repair();  // when it fails, the next append tries it first
    return written;
  }
  size_bytes_ += line.size();
  return {};
}

Result<void> Journal::rewrite(const std::vector<std::string>& lines) {
  std::string text;
  std::size_t longest = 0;
  for (const auto& line : lines) {
    const auto before = text.size();
    text += framed(line);
    longest = std::max(longest, text.size() - before);
  }
  if (auto ok = check_limits(longest, text.size()); !ok) return ok;
  auto file = files::write_beside(folder_, name_, text, files::Sync::kYes);
  if (!file) return file.error();
  if (auto ok = files::put_in_place(folder_, name_); !ok) {
    may_be_replaced_ = true;
    return ok;
  }
  file_ = std::move(*file);
  size_bytes_ = text.size();
  end_is_torn_ = may_be_replaced_ = false;
  name_is_unsynced_ = true;
  return repair();
}

}  // namespace okg::hot_update
