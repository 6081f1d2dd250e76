#include "content/archive/reader.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "base/text/visible.hpp"
#include "content/archive/decoder.hpp"
#include "content/archive/inventory.hpp"
#include "content/archive/kind.hpp"
#include "content/archive/name.hpp"
#include "content/archive/stopping.hpp"
#include "content/archive/tar_stream.hpp"
#include "content/archive/unsafe.hpp"
#include "content/archive/zip_directory.hpp"
#include "content/archive/zip_stream.hpp"

namespace okg::content {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenNotes{50};
constexpr std::size_t kReadBytes = std::size_t{64} * 1024;

struct Free {
  void operator()(archive* reader) const { ::archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, Free>;

/// Warnings are of what is not used here, such as owners and a name in another encoding. Not so
/// these, after which an entry is another than the archive means. @source libarchive 3.6,
/// archive_read_support_format_tar.c and _zip.c
bool is_harmless(std::string_view warning) {
  constexpr std::array<std::string_view, 3> kHarmful{"malformed pax", "Too many special headers",
                                                     "Inconsistent "};
  return std::ranges::none_of(kHarmful, [&](std::string_view each) {
    return warning.find(each) != std::string_view::npos;
  });
}

std::string text_of(const char* text) { return text == nullptr ? std::string() : text; }

/// One archive on its way to the sink.
class Unpacking {
 public:
  Unpacking(const ArchiveSource& source, const ArchiveLimits& limits, std::uint64_t packed_bytes,
            EntrySink& sink, const std::stop_token& stop, const OnUnpacked& on_unpacked)
      : source_(source),
        inventory_(limits, packed_bytes),
        sink_(sink),
        stop_(stop),
        on_unpacked_(on_unpacked),
        progress_{0, packed_bytes} {}

  Result<void> open_zip(const ArchiveLimits& limits) {
    auto directory = read_zip_directory(source_.fd, limits);
    if (!directory) return directory.error();
    if (directory->names.empty()) return unsafe("the archive holds no file");
    zip_names_ = std::move(directory->names);
    progress_.files_total = count_zip_files();
    ::archive_read_support_format_zip_seekable(reader_.get());
    zip_.emplace(source_.fd, directory->end);
    if (zip_->open(reader_.get()) != ARCHIVE_OK) return reader_error();
    return {};
  }
  Result<void> open_tar() {
    auto decoder = Decoder::open(source_.fd, stop_);
    if (!decoder) return decoder.error();
    tar_.emplace(std::move(*decoder), inventory_, stop_);
    ::archive_read_support_format_tar(reader_.get());
    if (::archive_read_open(reader_.get(), &*tar_, nullptr, TarStream::on_read, nullptr) !=
        ARCHIVE_OK)
      return reader_error();
    return {};
  }

  Result<std::uint64_t> run() {
    on_unpacked_(progress_);
    for (;;) {
      if (auto ok = check_not_stopped(stop_); !ok) return ok.error();
      archive_entry* header = nullptr;
      const int code = ::archive_read_next_header(reader_.get(), &header);
      if (code == ARCHIVE_EOF) break;
      if (code != ARCHIVE_OK && !(code == ARCHIVE_WARN && is_harmless(said())))
        return reader_error();
      if (auto ok = take(header); !ok) return ok.error();
    }
    if (auto ok = check_end(); !ok) return ok.error();
    if (inventory_.files() == 0)
      return unsafe("the archive holds no file" +
                    std::string(source_.selection == Selection{}
                                    ? ""
                                    : " that stripComponents, include and exclude leave"));
    progress_.bytes_done = progress_.bytes_total;
    progress_.files_total = progress_.files_done;
    on_unpacked_(progress_);
    return inventory_.files();
  }

 private:
  /// Nothing where a name cannot be read: its entry will say why.
  [[nodiscard]] std::optional<std::uint64_t> count_zip_files() const {
    std::uint64_t files = 0;
    for (const auto& each : zip_names_) {
      if (each.raw.ends_with('/')) continue;
      const auto raw = decode_name(each.raw, each.is_utf8, source_.names);
      if (!raw) return std::nullopt;
      const auto name = clean_name(*raw);
      if (!name) return std::nullopt;
      if (selected_name(source_.selection, *name)) ++files;
    }
    return files;
  }

  void note_progress() {
    const auto now = Clock::now();
    if (now - noted_at_ < kBetweenNotes) return;
    noted_at_ = now;
    // libarchive takes the entries of a zip in their order in the file.
    const auto at = tar_ ? tar_->packed_bytes_read() : zip_->at();
    progress_.bytes_done = std::min(at, progress_.bytes_total);
    on_unpacked_(progress_);
  }

  [[nodiscard]] std::string said() const {
    return visible(trimmed(text_of(::archive_error_string(reader_.get())), "\n"));
  }

  [[nodiscard]] Error reader_error() const {
    if (tar_ && tar_->error()) return *tar_->error();
    const auto why = said();
    if (why.find("nrecognized archive format") != std::string::npos)
      return unsafe(why_no_archive(source_.fd));
    if (why.find("runcated") != std::string::npos)
      return unsafe("the archive is cut short: " + why);
    return unsafe("the archive is damaged: " + why);
  }

  Result<void> check_end() {
    if (tar_)
      return tar_->check_end(
          static_cast<std::uint64_t>(::archive_read_header_position(reader_.get())));
    if (next_zip_name_ != zip_names_.size())
      return unsafe("the zip's entries are not those of its directory");
    return {};
  }

  /// As the archive writes it, decoded; a folder of a zip ends in a slash.
  Result<std::string> name_of(archive_entry* header) {
    if (tar_) return text_of(::archive_entry_pathname(header));
    if (next_zip_name_ == zip_names_.size())
      return unsafe("the zip's entries are not those of its directory");
    const auto& name = zip_names_[next_zip_name_++];
    is_fifo_ = name.is_fifo;
    return decode_name(name.raw, name.is_utf8, source_.names);
  }

  Result<void> take(archive_entry* header) {
    if (auto ok = inventory_.count_entry(); !ok) return ok;
    auto raw = name_of(header);
    if (!raw) return raw.error();
    auto name = clean_name(*raw);
    if (!name) return name.error();
    if (name->empty()) return take_root(header);
    auto selected = selected_name(source_.selection, *name);
    // A folder that is left out may hold what is wanted.
    if (!selected) return skip(header);
    auto entry = entry_of(header, *name, raw->ends_with('/'));
    if (!entry) return entry.error();
    entry->path = std::move(*selected);
    if (auto ok = inventory_.add(*entry); !ok) return ok;
    if (auto ok = store(header, *entry); !ok) return ok;
    if (entry->kind != EntryKind::kFolder) ++progress_.files_done;
    note_progress();
    return {};
  }

  /// "./" is the folder itself.
  Result<void> take_root(archive_entry* header) {
    if (::archive_entry_filetype(header) == AE_IFDIR) return skip(header);
    return unsafe("the archive has an entry without a name that is no folder");
  }

  Result<Entry> entry_of(archive_entry* header, const std::string& name, bool is_folder) {
    const auto what = "the archive's entry '" + name + "' is ";
    if (::archive_entry_is_encrypted(header) != 0)
      return unsafe(what + "encrypted; pack it without a password");
    if (is_fifo_) return unsafe(what + "a FIFO");
    Entry entry{name, EntryKind::kFile, (::archive_entry_perm(header) & 0100U) != 0, {}};
    if (const auto* link = ::archive_entry_hardlink(header); link != nullptr) {
      entry.kind = EntryKind::kHardLink;
      return with_hard_link(std::move(entry), link);
    }
    switch (::archive_entry_filetype(header)) {
      case AE_IFREG: entry.kind = is_folder ? EntryKind::kFolder : EntryKind::kFile; break;
      case AE_IFDIR: entry.kind = EntryKind::kFolder; break;
      case AE_IFLNK:
        entry.kind = EntryKind::kSymlink;
        entry.link = text_of(::archive_entry_symlink(header));
        break;
      case AE_IFCHR:
      case AE_IFBLK: return unsafe(what + "a device");
      case AE_IFIFO: return unsafe(what + "a FIFO");
      case AE_IFSOCK: return unsafe(what + "a socket");
      // libarchive gives none to these.
      case 0:
        return unsafe(what + "the rest of a file of another volume, or a hard link to nothing");
      default: return unsafe(what + "of an unknown type");
    }
    return entry;
  }

  Result<Entry> with_hard_link(Entry entry, const char* link) const {
    auto target = clean_name(link);
    if (!target) return target.error().in("hard link '" + entry.path + "'");
    const auto selected = selected_name(source_.selection, *target);
    if (!selected)
      return unsafe("the archive's hard link '" + entry.path + "' leads to '" + *target +
                    "', which is not taken");
    entry.link = *selected;
    return entry;
  }

  Result<void> store(archive_entry* header, const Entry& entry) {
    if (zip_ && entry.kind == EntryKind::kFolder && ::archive_entry_size(header) > 0)
      return unsafe("the archive's folder '" + entry.path + "' has content, as if it were a file");
    if (auto ok = sink_.begin(entry); !ok) return ok;
    if (entry.kind != EntryKind::kFile) return {};
    if (auto ok = read_content(header, &sink_); !ok) return ok;
    return sink_.end();
  }

  /// An unwanted entry counts all the same: it takes time to unpack.
  Result<void> skip(archive_entry* header) { return read_content(header, nullptr); }

  Result<void> read_content(archive_entry* header, EntrySink* sink) {
    if (::archive_entry_size_is_set(header) != 0)
      if (auto ok = inventory_.check_announced(
              static_cast<std::uint64_t>(std::max<la_int64_t>(0, ::archive_entry_size(header))));
          !ok)
        return ok;
    buffer_.resize(kReadBytes);
    for (;;) {
      if (auto ok = check_not_stopped(stop_); !ok) return ok;
      const auto got = ::archive_read_data(reader_.get(), buffer_.data(), buffer_.size());
      if (got == 0) return {};
      if (got < 0) return reader_error();
      const auto bytes = std::span(buffer_).first(static_cast<std::size_t>(got));
      if (auto ok = inventory_.count_bytes(bytes.size()); !ok) return ok;
      if (sink != nullptr)
        if (auto ok = sink->write(bytes); !ok) return ok;
      note_progress();
    }
  }

  const ArchiveSource& source_;
  Inventory inventory_;
  EntrySink& sink_;
  const std::stop_token& stop_;
  std::optional<TarStream> tar_;
  std::optional<ZipStream> zip_;
  std::vector<ZipName> zip_names_;
  std::size_t next_zip_name_ = 0;
  bool is_fifo_ = false;  ///< the entry of a zip that is being taken
  const OnUnpacked& on_unpacked_;
  UnpackProgress progress_;
  Clock::time_point noted_at_ = Clock::now();
  std::vector<std::byte> buffer_;
  Reader reader_{::archive_read_new()};  ///< last: it ends before what it reads from
};

}  // namespace

Result<std::uint64_t> read_archive(const ArchiveSource& source, const ArchiveLimits& limits,
                                   EntrySink& sink, const std::stop_token& stop,
                                   const OnUnpacked& on_unpacked) {
  struct stat status {};
  if (::fstat(source.fd, &status) != 0) return errno_error("stat the archive", errno);
  Unpacking unpacking(source, limits, static_cast<std::uint64_t>(status.st_size), sink, stop,
                      on_unpacked);
  const auto opened = is_zip(source.fd) ? unpacking.open_zip(limits) : unpacking.open_tar();
  if (!opened) return opened.error();
  return unpacking.run();
}

}  // namespace okg::content
