#include "results/local_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.hpp"
#include "results/record_json.hpp"

namespace okg::results {
namespace {

constexpr const char* kFile = "result.json";
constexpr const char* kStaged = "result.json.new";

Result<void> write_file(const files::Folder& folder, std::string_view content) {
  ::unlinkat(folder.fd(), kStaged, 0);  // of a start that was ended while it wrote
  const auto file = folder.open_file(kStaged, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!file) return file.error();
  return write_all(file->get(), content, folder.path_of(kStaged));
}

}  // namespace

Result<void> LocalStore::write(const Record& record, std::stop_token) {
  auto written = write_file(folder_, format_pod_entry({record.last, {}, record.files}) + "\n");
  if (written && ::renameat(folder_.fd(), kStaged, folder_.fd(), kFile) != 0)
    written = errno_error("rename " + folder_.path_of(kStaged) + " to " + kFile, errno);
  if (!written) ::unlinkat(folder_.fd(), kStaged, 0);
  if (!written) return written.error().because(Reason::kDiskError);
  return written;
}

Result<Wanted> LocalStore::read(std::stop_token) {
  const auto text = folder_.read(kFile, kMaxEntryBytes);
  if (!text && text.error().code == ErrorCode::kNotFound) return Wanted{};
  const bool is_unusable = !text && (text.error().code == ErrorCode::kRefused ||
                                     text.error().code == ErrorCode::kInvalid);
  if (!text && !is_unusable) return text.error().because(Reason::kDiskError);
  auto entry = text ? parse_pod_entry(*text) : text.error();
  if (!entry) {
    Wanted wanted;
    ignore(wanted.ignored, "", entry.error().in(folder_.path_of(kFile)));
    return wanted;
  }
  return Wanted{std::move(entry->files), {}, std::move(entry->ignored)};
}

Result<std::set<std::string>> LocalStore::forget(const std::optional<std::string>&,
                                                 std::stop_token) {
  return fail(ErrorCode::kInvalid, Reason::kNothingToForget,
              "there is no latest to forget: storageConfig.type is Local, and each pod only knows "
              "its own content; a rollback puts older content back");
}

}  // namespace okg::results
