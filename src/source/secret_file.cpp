#include "source/secret_file.hpp"

#include "base/io/file.hpp"

namespace okg::source {

Error SecretFile::unusable(std::string_view why) const {
  return fail(ErrorCode::kUpstream, Reason::kSourceUnauthorized, key, ": ", file, " ", why);
}

Result<std::string> SecretFile::read(std::size_t max_bytes) const {
  auto text = read_file(file, max_bytes);
  if (!text)
    return unusable("cannot be read: " + text.error().message +
                    "; mount it into the sidecar's container, readable for its user");
  return text;
}

}  // namespace okg::source
