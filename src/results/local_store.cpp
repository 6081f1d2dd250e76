#include "results/local_store.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>

#include "base/file.hpp"
#include "base/log.hpp"
#include "results/record_json.hpp"

namespace okg::results {
namespace {

Result<void> write_file(const std::string& path, std::string_view content) {
  const auto file = open_file(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
  if (!file) return file.error();
  return write_all(file->get(), content, path);
}

}  // namespace

Result<void> LocalStore::write(const Record& record, std::stop_token) {
  const std::string staged = file_.string() + ".new";
  if (auto written = write_file(staged, format_pod_entry({record.last, {}, record.files}) + "\n");
      !written) {
    std::remove(staged.c_str());
    return written;
  }
  if (std::rename(staged.c_str(), file_.c_str()) != 0) {
    const int cause = errno;
    std::remove(staged.c_str());
    return errno_error("rename " + staged + " to " + file_.string(), cause);
  }
  return {};
}

Result<Desired> LocalStore::read(std::stop_token) {
  const auto text = read_file(file_, kMaxEntryBytes);
  if (!text && text.error().code == ErrorCode::kNotFound) return Desired{};
  if (!text && text.error().code != ErrorCode::kRefused) return text.error();
  auto entry = text ? parse_pod_entry(*text) : text.error();
  if (!entry) {
    log::warn("the last result is not readable and ignored",
              {{"file", file_.string()}, {"error", entry.error().message}});
    return Desired{};
  }
  return Desired{std::move(entry->files), {}};
}

Result<std::set<std::string>> LocalStore::forget(const std::optional<std::string>&,
                                                 std::stop_token) {
  return fail(ErrorCode::kInvalid,
              "there is no latest to forget: storageConfig.type is Local, and each pod only knows "
              "its own content; a rollback puts older content back");
}

}  // namespace okg::results
