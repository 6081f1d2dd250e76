#include "content/archive/kind.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "base/io/file.hpp"
#include "content/archive/decoder.hpp"
#include "content/archive/zip_directory.hpp"

namespace okg::content {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  std::string_view name;
};

constexpr std::array kForeign{
    Magic{"7z\xbc\xaf\x27\x1c"sv, "a 7z archive"},
    Magic{"Rar!\x1a\x07"sv, "a RAR archive"},
    Magic{"070701"sv, "a cpio archive"},
    Magic{"070702"sv, "a cpio archive"},
    Magic{"070707"sv, "a cpio archive"},
    Magic{"\xc7\x71"sv, "a cpio archive"},
    Magic{"!<arch>\n"sv, "an ar archive"},
    Magic{"BZh"sv, "packed with bzip2"},
    Magic{"\x04\x22\x4d\x18"sv, "packed with lz4"},
    Magic{"\x02\x21\x4c\x18"sv, "packed with lz4"},
    Magic{"\x1f\x9d"sv, "packed with compress"},
    Magic{"LZIP"sv, "packed with lzip"},
    Magic{"\x89LZO"sv, "packed with lzop"},
    Magic{"\x5d\0\0"sv, "packed with lzma"},
    Magic{"MSCF"sv, "a cabinet"},
    Magic{"\xed\xab\xee\xdb"sv, "an RPM package"},
};
constexpr std::string_view kZip = "PK\x03\x04"sv;
/// @source POSIX.1-2017, pax: ustar interchange format
constexpr std::string_view kTar = "ustar"sv;
constexpr std::size_t kTarMagicAt = 257;
constexpr std::size_t kHeadBytes = 512;

bool has_at(std::span<const std::byte> head, std::size_t at, std::string_view bytes) {
  return head.size() >= at + bytes.size() &&
         std::memcmp(head.data() + at, bytes.data(), bytes.size()) == 0;
}

std::vector<std::byte> head_of(int fd) {
  std::vector<std::byte> head(kHeadBytes);
  head.resize(read_at(fd, 0, head, "the archive").value_or(0));
  return head;
}

/// The first bytes of what is packed; empty when they cannot be read.
std::vector<std::byte> unpacked_head_of(int fd) {
  auto decoder = Decoder::open(fd, {});
  if (!decoder) return {};
  const auto first = (*decoder)->next();
  if (!first) return {};
  const auto head = first->first(std::min(first->size(), kHeadBytes));
  return {head.begin(), head.end()};
}

}  // namespace

std::string_view foreign_archive(std::span<const std::byte> head) {
  const auto* const found = std::find_if(kForeign.begin(), kForeign.end(), [&](const auto& each) {
    return has_at(head, 0, each.bytes);
  });
  return found == kForeign.end() ? std::string_view() : found->name;
}

bool is_archive(int fd) {
  const auto head = head_of(fd);
  return is_zip(fd) || !foreign_archive(head).empty() ||
         has_at(unpacked_head_of(fd), kTarMagicAt, kTar);
}

std::string why_no_archive(int fd) {
  const auto foreign = foreign_archive(head_of(fd));
  if (!foreign.empty())
    return "the content is " + std::string(foreign) +
           ", which is not read; pack it as .tar.zst, .tar.gz, .tar.xz or .zip";
  const auto head = unpacked_head_of(fd);
  if (has_at(head, 0, kZip))
    return "the content is a zip that is packed once more; send the zip itself";
  if (packing_of(head) != Packing::kNone) return "the content is packed twice; pack the tar once";
  if (has_at(head, kTarMagicAt, kTar))
    return "the archive is damaged: its first header is not one of a tar";
  if (ends_as_zip(fd))
    return "the content is a zip with something else before it, or the last of its parts; send "
           "the zip itself, in one piece";
  return "the content is no archive: neither tar (plain, gzip, zstd, xz) nor zip by its bytes; "
         "leave out format=archive to publish it as a file";
}

}  // namespace okg::content
