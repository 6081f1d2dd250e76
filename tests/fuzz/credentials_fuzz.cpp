// Files of secrets for sources, which whoever mounts them writes: nothing that is taken of one ends
// a header, begins another, or shows in an error. The first byte of the input says what the rest
// is.
#include <string>
#include <string_view>
#include <vector>

#include "fuzz.hpp"
#include "http/client/url.hpp"
#include "source/aws_keys.hpp"
#include "source/source_headers.hpp"

namespace {

using okg::fuzz::require;

const okg::fuzz::ScratchFolder& folder() {
  static const okg::fuzz::ScratchFolder scratch;
  return scratch;
}

bool is_word(std::string_view text) {
  return okg::fuzz::is_printable(text) && text.find_first_of(" ,") == std::string_view::npos;
}

/// Whatever a file has, an error of it is one line of ours.
void check_error(const okg::Error& error) {
  require(error.reason == okg::Reason::kSourceUnauthorized, "callers hear that a secret is amiss");
  require(error.message.size() < 500, "nothing of the file is quoted");
}

void check_keys(std::string_view profile) {
  const auto keys = okg::source::read_aws_keys(folder().path() / "file", profile);
  if (!keys) return check_error(keys.error());
  require(!keys->id.empty() && !keys->secret.empty(), "there are an id and a secret");
  require(is_word(keys->id) && is_word(keys->secret), "both are single words");
  require(keys->id.find('/') == std::string::npos, "the id is a part of a scope");
  require(is_word(keys->session_token), "so is the token, or there is none");
}

void check_headers() {
  const auto urls = okg::source::UrlPrefix::parse("https://cdn.example.com/").value();
  const auto url = okg::http::Url::parse("https://cdn.example.com/a").value();
  const std::vector<okg::source::HeaderFile> files{{urls, folder().path() / "file"}};
  const auto headers = okg::source::headers_for({files, {}}, url);
  if (!headers) return check_error(headers.error());
  require(!headers->empty(), "a file without a header sends no request");
  for (const auto& [name, value] : *headers) {
    require(is_word(name) && !name.empty() && name.find(':') == std::string::npos, "a name");
    require(okg::fuzz::is_printable(value) && !value.empty(), "a value of one line");
    require(name != "Host" && name != "Range", "those are the sidecar's own");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  folder().write("file", okg::fuzz::text_of(data + 1, size - 1));
  if (data[0] % 2 == 0)
    check_headers();
  else
    check_keys(data[0] % 4 == 1 ? "default" : "game");
  return 0;
}
