#include "content/source_checksums.hpp"

#include <lzma.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/text.hpp"
#include "base/text/base64.hpp"

namespace okg::content {
namespace {

constexpr std::string_view kBlanks = " \t";

enum class Form : std::uint8_t {
  kValue,       ///< of `kind`
  kList,        ///< name=BASE64, …
  kDictionary,  ///< name=:BASE64:;parameter, …
};

/// What it is the checksum of, in an answer with a part.
enum class Of : std::uint8_t { kWhole, kPart };

struct KnownHeader {
  std::string_view name;
  Of of;
  Form form;
  ChecksumKind kind{};
};
constexpr std::array kHeaders{
    KnownHeader{"Repr-Digest", Of::kWhole, Form::kDictionary},
    KnownHeader{"Content-Digest", Of::kPart, Form::kDictionary},
    KnownHeader{"Digest", Of::kWhole, Form::kList},
    KnownHeader{"x-goog-hash", Of::kWhole, Form::kList},
    KnownHeader{"Content-MD5", Of::kPart, Form::kValue, ChecksumKind::kMd5},
    KnownHeader{"x-ms-blob-content-md5", Of::kWhole, Form::kValue, ChecksumKind::kMd5},
    KnownHeader{"x-amz-checksum-sha256", Of::kPart, Form::kValue, ChecksumKind::kSha256},
    KnownHeader{"x-oss-hash-crc64ecma", Of::kWhole, Form::kValue, ChecksumKind::kCrc64},
    KnownHeader{"x-cos-hash-crc64ecma", Of::kWhole, Form::kValue, ChecksumKind::kCrc64},
    KnownHeader{"x-tos-hash-crc64ecma", Of::kWhole, Form::kValue, ChecksumKind::kCrc64},
};

struct KnownAlgorithm {
  std::string_view name;
  ChecksumKind kind;
};
constexpr std::array kAlgorithms{
    KnownAlgorithm{"sha-256", ChecksumKind::kSha256},
    KnownAlgorithm{"sha-512", ChecksumKind::kSha512},
    KnownAlgorithm{"md5", ChecksumKind::kMd5},
};

std::size_t bytes_of(ChecksumKind kind) {
  switch (kind) {
    case ChecksumKind::kSha256: return 32;
    case ChecksumKind::kSha512: return 64;
    case ChecksumKind::kMd5: return 16;
    case ChecksumKind::kCrc64: return 8;
  }
  return 0;
}

/// As this file writes it; nothing for what is no such checksum.
std::optional<std::string> canonical(ChecksumKind kind, std::string_view text) {
  if (kind == ChecksumKind::kCrc64) {
    const auto number = parse_whole<std::uint64_t>(text);
    return number ? std::optional(std::to_string(*number)) : std::nullopt;
  }
  const auto bytes = decode_base64(text);
  if (!bytes || bytes->size() != bytes_of(kind)) return std::nullopt;
  return std::string(text);
}

/// True for "BASE64-N".
bool is_of_parts(std::string_view text) {
  const auto dash = text.rfind('-');
  return dash != std::string_view::npos && dash > 0 && is_all_digits(text.substr(dash + 1));
}

/// True when x-goog-hash is of the packed object, and the answer is unpacked.
bool is_unpacked_by_gcs(const http::Headers& headers) {
  const auto* stored = http::find_header(headers, "x-goog-stored-content-encoding");
  return stored != nullptr && !equals_ignoring_case(*stored, "identity") &&
         http::find_header(headers, "Content-Encoding") == nullptr;
}

/// Nothing where `value` is not enclosed in colons.
std::optional<std::string_view> without_colons(std::string_view value) {
  value = trimmed(value.substr(0, value.find(';')), kBlanks);
  if (value.size() < 2 || !value.starts_with(':') || !value.ends_with(':')) return std::nullopt;
  return value.substr(1, value.size() - 2);
}

/// Reads the headers of one answer.
class Reading {
 public:
  void read(const KnownHeader& known, const http::Header& header) {
    std::string_view rest = header.value;
    if (known.form == Form::kValue) return read_value(known.kind, header);
    while (!rest.empty()) read_member(known.form, trimmed(take_until(rest, ","), kBlanks), header);
  }
  [[nodiscard]] AnnouncedChecksums take() { return std::move(found_); }

 private:
  void read_value(ChecksumKind kind, const http::Header& header) {
    if (!is_of_parts(header.value)) add(kind, header.value, header);
  }

  void read_member(Form form, std::string_view member, const http::Header& header) {
    auto name = take_until(member, "=");
    const auto* known = std::ranges::find_if(kAlgorithms, [&](const auto& each) {
      return equals_ignoring_case(each.name, trimmed(name, kBlanks));
    });
    if (known == kAlgorithms.end()) return;
    const auto value = form == Form::kDictionary ? without_colons(member) : member;
    add(known->kind, value.value_or(""), header);
  }

  void add(ChecksumKind kind, std::string_view text, const http::Header& header) {
    auto value = canonical(kind, text);
    if (value)
      found_.readable.push_back({kind, header.name, std::move(*value)});
    else if (!is_noted(header.name))
      found_.unreadable.push_back(header);
  }

  /// A source can repeat a header, and a member of it, thousands of times.
  [[nodiscard]] bool is_noted(std::string_view name) const {
    return std::ranges::any_of(found_.unreadable, [&](const http::Header& each) {
      return equals_ignoring_case(each.name, name);
    });
  }

  AnnouncedChecksums found_;
};

std::string base64_of(DigestStream& stream, ChecksumKind kind) {
  std::vector<std::uint8_t> digest(bytes_of(kind));
  stream.finish_into(digest);
  return encode_base64(digest);
}

}  // namespace

AnnouncedChecksums checksums_of(const http::Headers& headers, AnswerHas has) {
  Reading reading;
  for (const auto& header : headers) {
    const auto* known = std::ranges::find_if(
        kHeaders, [&](const auto& each) { return equals_ignoring_case(each.name, header.name); });
    if (known == kHeaders.end()) continue;
    if (has == AnswerHas::kPart && known->of == Of::kPart) continue;
    if (known->name == "x-goog-hash" && is_unpacked_by_gcs(headers)) continue;
    reading.read(*known, header);
  }
  return reading.take();
}

bool SourceChecksums::is_announced(ChecksumKind kind) const {
  return std::ranges::any_of(announced_, [&](const auto& each) { return each.kind == kind; });
}

void SourceChecksums::restart(std::vector<AnnouncedChecksum> announced) {
  announced_ = std::move(announced);
  sha512_.reset();
  md5_.reset();
  crc64_.reset();
  if (is_announced(ChecksumKind::kSha512)) sha512_.emplace(DigestAlgorithm::kSha512);
  if (is_announced(ChecksumKind::kMd5)) md5_.emplace(DigestAlgorithm::kMd5);
  if (is_announced(ChecksumKind::kCrc64)) crc64_ = 0;
}

void SourceChecksums::update(std::span<const std::byte> bytes) {
  if (sha512_) sha512_->update(bytes);
  if (md5_) md5_->update(bytes);
  if (crc64_)
    crc64_ = lzma_crc64(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), *crc64_);
}

/// Two that contradict each other are enough,
/// however many a source sends with each part.
bool SourceChecksums::is_new(const AnnouncedChecksum& announced) const {
  const auto first = std::ranges::find(announced_, announced.kind, &AnnouncedChecksum::kind);
  if (first == announced_.end()) return true;
  return announced.value != first->value && std::ranges::none_of(announced_, [&](const auto& each) {
           return each.kind == announced.kind && each.value != first->value;
         });
}

void SourceChecksums::add(std::vector<AnnouncedChecksum> announced) {
  for (auto& each : announced)
    if (is_new(each)) announced_.push_back(std::move(each));
}

bool SourceChecksums::is_computed(const AnnouncedChecksum& announced) const {
  switch (announced.kind) {
    case ChecksumKind::kSha256: return true;
    case ChecksumKind::kSha512: return sha512_.has_value();
    case ChecksumKind::kMd5: return md5_.has_value();
    case ChecksumKind::kCrc64: return crc64_.has_value();
  }
  return false;
}

Result<void> SourceChecksums::catch_up(int fd, std::string_view what) {
  if (std::ranges::all_of(announced_, [&](const auto& each) { return is_computed(each); }))
    return {};
  restart(std::move(announced_));
  std::vector<std::byte> buffer(128 * 1024);
  for (off_t at = 0;;) {
    const auto got = ::pread(fd, buffer.data(), buffer.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_error("read " + std::string(what), errno);
    if (got == 0) return {};
    update(std::span(buffer).first(static_cast<std::size_t>(got)));
    at += got;
  }
}

std::optional<ChecksumDifference> SourceChecksums::difference(const Sha256& sha256) {
  std::array<std::string, 4> got;
  const auto of = [&](ChecksumKind kind) -> std::string& {
    return got.at(static_cast<std::size_t>(kind));
  };
  of(ChecksumKind::kSha256) = encode_base64(sha256.bytes());
  if (sha512_) of(ChecksumKind::kSha512) = base64_of(*sha512_, ChecksumKind::kSha512);
  if (md5_) of(ChecksumKind::kMd5) = base64_of(*md5_, ChecksumKind::kMd5);
  if (crc64_) of(ChecksumKind::kCrc64) = std::to_string(*crc64_);
  const auto other = std::ranges::find_if(
      announced_, [&](const auto& each) { return each.value != of(each.kind); });
  if (other == announced_.end()) return std::nullopt;
  return ChecksumDifference{*other, of(other->kind)};
}

}  // namespace okg::content
