#include "bundle/output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/io/file.hpp"
#include "base/text/bytes.hpp"

namespace okg::bundle {

Result<Output> Output::create(const std::filesystem::path& path) {
  Output output(unique_fd(), path);
  output.file_.reset(
      ::open(output.part().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!output.file_) return errno_error("create " + output.part().string(), errno);
  return output;
}

Output::~Output() {
  if (file_) ::unlink(part().c_str());
}

Result<void> Output::write(std::span<const std::byte> bytes) {
  hash_.update(bytes);
  return write_all(file_.get(), bytes, part().string());
}

Result<void> Output::write(std::string_view text) { return write(as_bytes(text)); }

Result<Sha256> Output::finish() {
  if (::rename(part().c_str(), path_.c_str()) != 0)
    return errno_error("rename " + part().string() + " to " + path_.string(), errno);
  file_.reset();
  return hash_.finish();
}

}  // namespace okg::bundle
