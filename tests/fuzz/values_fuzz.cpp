// Small values of config.yaml, of stored entries and of
// headers of sources: sizes, times, addresses, checksums.
#include <string>

#include "base/digest/sha256.hpp"
#include "base/text/byte_size.hpp"
#include "base/time/timestamp.hpp"
#include "config/listen_address.hpp"
#include "content/source_checksums.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using okg::fuzz::require;
  const auto text = okg::fuzz::text_of(data, size);
  if (const auto bytes = okg::parse_byte_size(text))
    require(!okg::format_byte_size(*bytes).empty(), "a size can be shown");
  (void)okg::parse_cpu_millis(text);
  if (const auto time = okg::parse_timestamp(text)) {
    const auto again = okg::parse_timestamp(okg::format_timestamp(*time));
    require(again && *again == *time, "a time comes back from what it is written as");
  }
  if (const auto sha256 = okg::Sha256::parse(text))
    require(sha256->hex().size() == 64 && text.size() == 64, "a checksum has 64 digits");
  if (const auto address = okg::config::parse_listen_address(text))
    require(address->host.find('[') == std::string::npos, "a host has no brackets");
  for (const auto* name : {"Digest", "Repr-Digest", "Content-MD5", "x-oss-hash-crc64ecma"}) {
    const auto announced =
        okg::content::checksums_of({{name, std::string(text)}}, okg::content::AnswerHas::kWhole);
    require(announced.unreadable.size() <= 1, "a header that cannot be read is named once");
    for (const auto& each : announced.readable)
      require(!each.value.empty(), "a checksum that can be read has a value");
  }
  return 0;
}
