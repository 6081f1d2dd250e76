#include "bundle/tar_writer.hpp"
#include "base/text/bytes.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

namespace okg::bundle {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kMaxName = 100;
constexpr std::uint64_t kMaxSize = 077777777777;

/// A header's fields. @source POSIX pax(1), "ustar Interchange Format"
struct Header {
  std::string name;
  unsigned mode = 0644;
  std::uint64_t bytes = 0;
  char type = '0';
  std::string link{};
};

std::string octal(std::uint64_t number, std::size_t width) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%0*llo", static_cast<int>(width - 1),
                static_cast<unsigned long long>(number));
  return text.data();
}

std::string block_of(const Header& header) {
  std::string block(kBlock, '\0');
  const auto set = [&](std::size_t at, const std::string& text) {
    block.replace(at, text.size(), text);
  };
  set(0, header.name);
  set(100, octal(header.mode, 8));
  set(108, octal(0, 8));  // user
  set(116, octal(0, 8));  // group
  set(124, octal(header.bytes, 12));
  set(136, octal(0, 12));  // time
  set(148, "        ");
  set(156, std::string(1, header.type));
  set(157, header.link);
  set(257, std::string("ustar\0"
                       "00",
                       8));
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  set(148, octal(sum, 7) + std::string("\0 ", 2));
  return block;
}

/// "27 path=maps/1.json\n": its length counts itself.
std::string pax_record(const std::string& key, const std::string& value) {
  const auto rest = " " + key + "=" + value + "\n";
  auto length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length)
    length = std::to_string(length).size() + rest.size();
  return std::to_string(length) + rest;
}

bool needs_pax(const std::string& text) {
  return text.size() > kMaxName ||
         std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

std::string pax_records(const Item& item) {
  std::string records;
  if (needs_pax(item.path)) records += pax_record("path", item.path);
  if (needs_pax(item.link)) records += pax_record("linkpath", item.link);
  if (item.bytes > kMaxSize) records += pax_record("size", std::to_string(item.bytes));
  return records;
}

char type_of(Kind kind) {
  switch (kind) {
    case Kind::kFile: return '0';
    case Kind::kSymlink: return '2';
    case Kind::kFolder: return '5';
  }
  return '0';
}

}  // namespace

Result<void> TarWriter::put(const std::string& bytes) { return take_(as_bytes(bytes)); }

Result<void> TarWriter::pad(std::uint64_t bytes) {
  const auto rest = static_cast<std::size_t>(bytes % kBlock);
  return rest == 0 ? Result<void>() : put(std::string(kBlock - rest, '\0'));
}

Result<void> TarWriter::begin(const Item& item) {
  if (const auto records = pax_records(item); !records.empty()) {
    if (auto ok = put(block_of({"PaxHeader", 0644, records.size(), 'x'})); !ok) return ok;
    if (auto ok = put(records); !ok) return ok;
    if (auto ok = pad(records.size()); !ok) return ok;
  }
  const bool may_enter = item.kind != Kind::kFile || item.is_executable;
  return put(block_of({item.path.substr(0, kMaxName), may_enter ? 0755U : 0644U,
                       std::min(item.bytes, kMaxSize), type_of(item.kind),
                       item.link.substr(0, kMaxName)}));
}

Result<void> TarWriter::write(std::span<const std::byte> bytes) { return take_(bytes); }

Result<void> TarWriter::end(const Item& item) { return pad(item.bytes); }

Result<void> TarWriter::finish() { return put(std::string(2 * kBlock, '\0')); }

}  // namespace okg::bundle
