#include "base/text/in_quotes.hpp"

#include "base/text.hpp"
#include "base/text/secret.hpp"

namespace okg {
namespace {

constexpr std::size_t kMaxQuotedBytes = 1024;

}  // namespace

std::string in_quotes(std::string_view text) {
  return "'" + shortened(redact_url(text), kMaxQuotedBytes) + "'";
}

}  // namespace okg
