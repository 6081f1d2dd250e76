#include "content/staged_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "base/file.hpp"

namespace okg::content {

Result<StagedFile> StagedFile::create(std::filesystem::path path) {
  auto fd = open_file(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  if (!fd) {
    ::unlink(path.c_str());  // it may have been made and the answer lost (NFS)
    return fd.error();
  }
  return StagedFile(std::move(path), std::move(*fd));
}

Result<StagedFile> StagedFile::adopt(std::filesystem::path path) {
  auto fd = open_file(path, O_RDONLY | O_NOFOLLOW);
  if (!fd) return fd.error();
  return StagedFile(std::move(path), std::move(*fd));
}

StagedFile::~StagedFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

}  // namespace okg::content
