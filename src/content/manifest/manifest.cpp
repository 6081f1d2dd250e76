#include "content/manifest/manifest.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include "base/io/file.hpp"
#include "base/length_limits.hpp"
#include "base/text.hpp"
#include "base/text/byte_size.hpp"
#include "base/text/hex.hpp"
#include "base/text/secret.hpp"
#include "base/text/visible.hpp"
#include "content/archive/inventory.hpp"
#include "content/archive/name.hpp"
#include "content/manifest/manifest_json.hpp"
#include "http/client/url.hpp"

namespace okg::content {
namespace {

constexpr std::string_view kWhat = "manifest";
/// As in the manifest's own URL.
constexpr std::size_t kMaxShownModeBytes = 40;
/// The owner's x of st_mode.
constexpr unsigned kOwnerMayRun = 0100;

/// "0755", "755" or "100755": octal, as chmod(1) and git write it; a number is st_mode.
Result<bool> runs(const ManifestMembers& members) {
  if (members.mode_number) return (*members.mode_number & kOwnerMayRun) != 0;
  if (!members.mode) return false;
  const auto mode = parse_whole<unsigned>(*members.mode, 8);
  if (!mode || *mode > 0177777)
    return invalid_manifest("the manifest's mode '" +
                            visible(members.mode->substr(0, kMaxShownModeBytes)) +
                            "' is not octal, like 0755");
  return (*mode & kOwnerMayRun) != 0;
}

/// The scheme of an object in the configured store, which has
/// a URL of its own, whatever the manifest's is.
constexpr std::string_view kObjectScheme = "s3://";

Result<std::string> url_in(ManifestMembers& members, const std::string& name) {
  if (!members.url) return path_as_url(name);
  if (members.url->empty() || members.url->size() > kMaxUrlBytes)
    return invalid_manifest("the manifest's url of '" + name + "' is empty or too long");
  // libcurl takes it to end at a NUL.
  if (std::ranges::any_of(*members.url, is_control))
    return invalid_manifest("the manifest's url of '" + name +
                            "' has a NUL or another control character");
  return std::move(*members.url);
}

/// Makes files of members, and counts them.
class Files {
 public:
  Files(const Selection& selection, const ArchiveLimits& limits)
      : selection_(selection),
        inventory_(limits, std::numeric_limits<std::uint64_t>::max(), kWhat) {}

  Result<void> add(ManifestMembers members) {
    if (auto ok = inventory_.count_entry(); !ok) return ok;
    if (!members.path) return invalid_manifest("the manifest has a file without a path");
    auto name = clean_name(*members.path, kWhat);
    if (!name) return name.error();
    if (name->empty() || members.path->ends_with('/'))
      return invalid_manifest("the manifest's path '" + *members.path + "' names no file");
    if (!members.sha256) return invalid_manifest("the manifest has no sha256 of '" + *name + "'");
    const auto sha256 = Sha256::parse(*members.sha256);
    if (!sha256)
      return invalid_manifest("the manifest's sha256 of '" + *name +
                              "' is not 64 hexadecimal digits");
    const auto is_executable = runs(members);
    if (!is_executable) return is_executable.error();
    auto selected = selected_name(selection_, *name);
    if (!selected) return {};
    if (auto ok = inventory_.count_bytes(members.bytes.value_or(0)); !ok) return ok;
    if (auto ok = inventory_.add({*selected, EntryKind::kFile, *is_executable, {}}); !ok) return ok;
    auto url = url_in(members, *name);
    if (!url) return url.error();
    if (*url == path_as_url(*selected)) url->clear();
    url->shrink_to_fit();
    files_.push_back(
        {std::move(*selected), std::move(*url), *sha256, members.bytes, *is_executable});
    return {};
  }

  Result<std::vector<ManifestFile>> take() {
    files_.shrink_to_fit();
    if (!files_.empty()) return std::move(files_);
    return invalid_manifest("the manifest holds no file, or none that is wanted");
  }

 private:
  const Selection& selection_;
  Inventory inventory_;
  std::vector<ManifestFile> files_;
};

}  // namespace

std::string path_as_url(std::string_view path) {
  return percent_encoded(path, "-._~/!$&'()*+,;=@");
}

Result<std::vector<ManifestFile>> parse_manifest(std::string_view text, const Selection& selection,
                                                 const ArchiveLimits& limits) {
  Files files(selection, limits);
  const auto ok = read_manifest_json(
      text, [&](ManifestMembers members) { return files.add(std::move(members)); });
  if (!ok) return ok.error();
  return files.take();
}

Result<std::vector<ManifestFile>> read_manifest(int fd, const Selection& selection,
                                                const ArchiveLimits& limits) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return errno_error("stat the manifest", errno);
  const auto bytes = static_cast<std::uint64_t>(status.st_size);
  if (bytes > kMaxManifestBytes)
    return fail(ErrorCode::kRefused, Reason::kTooLarge,
                "the manifest is larger than " + format_byte_size(kMaxManifestBytes));
  const auto text = read_range(fd, 0, bytes, "the manifest");
  if (!text) return text.error();
  if (text->size() < bytes)
    return invalid_manifest("the manifest became shorter while it was read");
  return parse_manifest(*text, selection, limits);
}

Error more_than_allowed(const Setting<std::uint64_t>& max_bytes) {
  return fail(ErrorCode::kRefused, Reason::kTooLarge, "the manifest's files are more than ",
              name_of(max_bytes, format_byte_size(max_bytes.value)));
}

Result<std::string> url_of(const ManifestFile& file, const std::string& manifest_url) {
  const auto wrong = [&](const Error& error) {
    return invalid_manifest("the manifest's url of '" + file.path + "': " + error.message);
  };
  if (equals_ignoring_case(file.url.substr(0, kObjectScheme.size()), kObjectScheme))
    return file.url;
  const auto base = http::Url::parse(manifest_url);
  if (!base) return wrong(base.error());
  const auto url = base->resolve(file.url.empty() ? path_as_url(file.path) : file.url);
  if (!url) return wrong(url.error());
  return url->text();
}

}  // namespace okg::content
