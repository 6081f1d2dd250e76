// Writes the archives that tests need, the hostile ones above all: no tool would write those.
#pragma once

#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace okg::content {

struct TarEntry {
  std::string name;
  std::string content{};
  char type = '0';  ///< of ustar: '0' file, '1' hard link, '2' symlink, '3' '4' devices, '5'
                    ///< folder, '6' FIFO
  std::string link{};
  unsigned mode = 0644;
};

inline std::string tar_header(const TarEntry& entry) {
  std::array<char, 512> block{};
  const auto put = [&](std::size_t at, const char* format, auto value) {
    std::snprintf(block.data() + at, block.size() - at, format, value);
  };
  entry.name.copy(block.data(), 100);
  put(100, "%07o", entry.mode);
  put(108, "%07o", 0U);
  put(116, "%07o", 0U);
  put(124, "%011o", static_cast<unsigned>(entry.content.size()));
  put(136, "%011o", 0U);
  block.at(156) = entry.type;
  entry.link.copy(block.data() + 157, 100);
  std::string(
      "ustar\0"
      "00",
      8)
      .copy(block.data() + 257, 8);
  std::string(8, ' ').copy(block.data() + 148, 8);
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put(148, "%06o", sum);
  block.at(155) = ' ';
  return {block.data(), block.size()};
}

inline std::string tar_entry(const TarEntry& entry) {
  auto text = tar_header(entry) + entry.content;
  text.resize((text.size() + 511) / 512 * 512);
  return text;
}

inline std::string tar_of(const std::vector<TarEntry>& entries) {
  std::string text;
  for (const auto& entry : entries) text += tar_entry(entry);
  return text + std::string(1024, '\0');
}

inline std::string gzip(const std::string& text) {
  z_stream stream{};
  ::deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(text.size() + 1024, '\0');
  auto from = text;
  stream.next_in = reinterpret_cast<Bytef*>(from.data());
  stream.avail_in = static_cast<uInt>(from.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  ::deflate(&stream, Z_FINISH);
  packed.resize(packed.size() - stream.avail_out);
  ::deflateEnd(&stream);
  return packed;
}

inline std::string zstd(const std::string& text) {
  std::string packed(::ZSTD_compressBound(text.size()), '\0');
  packed.resize(::ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

inline std::string xz(const std::string& text) {
  std::string packed(::lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t at = 0;
  (void)::lzma_easy_buffer_encode(
      0, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
      reinterpret_cast<std::uint8_t*>(packed.data()), &at, packed.size());
  packed.resize(at);
  return packed;
}

inline std::string little(std::uint64_t value, std::size_t bytes) {
  static_assert(std::endian::native == std::endian::little);
  return {reinterpret_cast<const char*>(&value), bytes};
}

struct ZipEntry {
  std::string name;
  std::string content{};
  unsigned flags = 0x800;   ///< 1: encrypted, 0x800: the name is UTF-8
  unsigned mode = 0100644;  ///< as Unix keeps it
  int at = -1;              ///< not -1: where its directory entry says that it lies
  std::uint32_t crc = 0;    ///< 0: the right one
};

/// Stored, not packed.
inline std::string zip_of(const std::vector<ZipEntry>& entries) {
  std::string text;
  std::string directory;
  for (const auto& entry : entries) {
    const auto right =
        static_cast<std::uint32_t>(::crc32(0, reinterpret_cast<const Bytef*>(entry.content.data()),
                                           static_cast<uInt>(entry.content.size())));
    // Flags, method, time, checksum, both sizes, the lengths of name and extra field.
    std::array<char, 26> fields{};
    const auto put = [&](std::size_t place, std::uint64_t value, std::size_t bytes) {
      std::memcpy(&fields[place], &value, bytes);
    };
    put(0, 20, 2);
    put(2, entry.flags, 2);
    put(10, entry.crc == 0 ? right : entry.crc, 4);
    put(14, entry.content.size(), 4);
    put(18, entry.content.size(), 4);
    put(22, entry.name.size(), 2);
    const std::string_view shared(fields.data(), fields.size());
    const auto at = entry.at < 0 ? text.size() : static_cast<std::size_t>(entry.at);
    directory.append("PK\x01\x02").append(little(0x314, 2)).append(shared).append(6, '\0');
    directory.append(little(std::uint64_t{entry.mode} << 16U, 4)).append(little(at, 4));
    directory.append(entry.name);
    text.append("PK\x03\x04").append(shared).append(entry.name).append(entry.content);
  }
  const auto end = std::string("PK\x05\x06") + little(0, 4) + little(entries.size(), 2) +
                   little(entries.size(), 2) + little(directory.size(), 4) +
                   little(text.size(), 4) + little(0, 2);
  return text + directory + end;
}

/// The same with an end record of the ZIP64, while the plain one's fields hold as well.
inline std::string with_zip64(const std::string& zip) {
  const auto end = zip.substr(zip.size() - 22);
  const auto wide = [&](std::size_t at, std::size_t bytes) {
    return end.substr(at, bytes) + std::string(8 - bytes, '\0');
  };
  const auto at = zip.size() - end.size();
  return zip.substr(0, at) + "PK\x06\x06" + little(44, 8) + little(45, 2) + little(45, 2) +
         little(0, 8) + wide(8, 2) + wide(10, 2) + wide(12, 4) + wide(16, 4) + "PK\x06\x07" +
         little(0, 4) + little(at, 8) + little(1, 4) + end;
}

/// The same with a comment.
inline std::string with_comment(const std::string& zip, const std::string& comment) {
  return zip.substr(0, zip.size() - 2) + little(comment.size(), 2) + comment;
}

}  // namespace okg::content
