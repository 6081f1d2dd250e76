#include "files/replace.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/io/file.hpp"

namespace okg::files {
namespace {

std::string beside(const std::string& name) { return name + ".new"; }

}  // namespace

Result<unique_fd> write_beside(const Folder& folder, const std::string& name, std::string_view text,
                               Sync sync) {
  const auto fresh = beside(name);
  remove_beside(folder, name);  // of a write that failed, or was planted
  auto file = folder.open_file(fresh, O_RDWR | O_CREAT | O_EXCL | O_APPEND, 0600);
  if (!file) return file.error();
  auto ok = write_all(file->get(), text, folder.path_of(fresh));
  if (ok && sync == Sync::kYes) ok = sync_file(file->get(), folder.path_of(fresh));
  if (ok) return file;
  remove_beside(folder, name);
  return ok.error();
}

Result<void> put_in_place(const Folder& folder, const std::string& name) {
  const auto fresh = beside(name);
  if (::renameat(folder.fd(), fresh.c_str(), folder.fd(), name.c_str()) == 0) return {};
  auto error = errno_error("rename " + folder.path_of(fresh) + " to " + name, errno);
  remove_beside(folder, name);
  return error;
}

void remove_beside(const Folder& folder, const std::string& name) {
  ::unlinkat(folder.fd(), beside(name).c_str(), 0);
}

}  // namespace okg::files
