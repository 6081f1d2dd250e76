// Archives of any kind: nothing that leaves the folder, comes twice or is too much reaches the
// sink. The first byte of the input says how it is read, the rest is the archive.
#include <sys/mman.h>
#include <unistd.h>

#include <set>

#include "base/io/unique_fd.hpp"
#include "content/archive/reader.hpp"
#include "fuzz.hpp"

namespace {

class Checked : public okg::content::EntrySink {
 public:
  explicit Checked(const okg::content::ArchiveLimits& limits) : limits_(limits) {}

  okg::Result<void> begin(const okg::content::Entry& entry) override {
    using okg::fuzz::require;
    require(!entry.path.empty() && entry.path.front() != '/', "a path is relative");
    require(okg::fuzz::is_printable(entry.path), "a path holds no control character");
    auto rest = std::string_view(entry.path);
    while (!rest.empty()) {
      const auto part = okg::fuzz::take_until(rest, '/');
      require(!part.empty() && part != "." && part != "..", "a path stays in the folder");
    }
    const bool is_folder = entry.kind == okg::content::EntryKind::kFolder;
    require(is_folder || paths_.insert(entry.path).second, "a file comes once");
    require(paths_.size() <= limits_.max_files.value, "no more files than are allowed");
    return {};
  }
  okg::Result<void> write(std::span<const std::byte> bytes) override {
    bytes_ += bytes.size();
    okg::fuzz::require(bytes_ <= limits_.max_bytes.value, "no more bytes than are allowed");
    return {};
  }
  okg::Result<void> end() override { return {}; }

 private:
  const okg::content::ArchiveLimits& limits_;
  std::set<std::string> paths_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const okg::unique_fd file(::memfd_create("archive", MFD_CLOEXEC));
  if (::write(file.get(), data + 1, size - 1) != static_cast<ssize_t>(size - 1)) return 0;
  okg::content::ArchiveSource source{file.get()};
  if ((data[0] & 1U) != 0) source.names = okg::content::NameEncoding::kGbk;
  if ((data[0] & 2U) != 0) source.selection = {1, {"*a*"}, {"b"}};
  okg::content::ArchiveLimits limits;
  limits.max_files.value = 50;
  limits.max_bytes.value = 1U << 20U;
  limits.allow_symlinks.value = (data[0] & 4U) != 0;
  Checked sink(limits);
  (void)okg::content::read_archive(source, limits, sink, {});
  return 0;
}
