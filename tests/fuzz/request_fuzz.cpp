// POST /hot-update: whatever a caller sends as a form or as JSON is refused in words, or is a
// request that can do no harm.
#include "api/fields/form_fields.hpp"
#include "api/update_request.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "base/json.hpp"
#include "base/text.hpp"
#include "fuzz.hpp"
#include "http/message.hpp"
#include "plugins/hot_update/calls/answer.hpp"

namespace okg::hot_update {
namespace {

using fuzz::require;

void check_accepted_path(const std::string& path) {
  const std::filesystem::path root = "/app/downloads";
  const auto target = (root / path).lexically_normal().string();
  require(target == root.string() + "/" + path,
          "an accepted path is what it is kept as, under the shared directory");
  require(fuzz::is_printable(path), "an accepted path holds no control characters");
}

void check_accepted_version(const std::string& version) {
  static constexpr std::string_view kEnds =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  require(!version.empty() && version.size() <= 63, "an accepted version has 1 to 63 characters");
  require(kEnds.find(version.front()) != std::string_view::npos &&
              kEnds.find(version.back()) != std::string_view::npos,
          "an accepted version begins and ends as a label does");
  require(version.find_first_not_of(std::string(kEnds) + "._-") == std::string::npos,
          "an accepted version fits a label");
}

void check_accepted(const api::UpdateRequest& request) {
  check_accepted_path(request.path);
  check_accepted_version(request.version);
  require(equals_ignoring_case(request.url.substr(0, 4), "http"),
          "an accepted address is http or https");
  require(fuzz::is_printable(request.url) && request.url.find(' ') == std::string::npos,
          "an address of one printable word");
  require(nlohmann::json::accept(accepted(request).body.view()),
          "the answer to an accepted request is JSON");
  const auto fields = api::to_fields(request);
  const auto form = api::to_form(fields);
  const auto json = to_text(api::to_json(fields));
  for (const auto& source : {api::FieldSource{"", "", form}, api::FieldSource{"", form, ""},
                             api::FieldSource{"application/json", "", json}}) {
    const auto again = api::parse_update(source);
    require(again && again->url == request.url && again->path == request.path &&
                again->version == request.version && again->force == request.force,
            "an accepted request is the same when it is written and read again");
  }
}

void check(const Result<api::UpdateRequest>& parsed) {
  if (parsed) return check_accepted(*parsed);
  require(parsed.error().code == ErrorCode::kInvalid && !parsed.error().message.empty(),
          "a refusal is the caller's error");
  require(nlohmann::json::accept(refused(parsed.error()).body.view()),
          "a refusal is JSON, whatever it quotes");
}

}  // namespace
}  // namespace okg::hot_update

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace okg::hot_update;
  const auto text = okg::fuzz::text_of(data, size);
  namespace api = okg::api;
  for (const auto* type : {"", "application/json", "multipart/form-data; boundary=x"}) {
    check(api::parse_update({type, "", text}));
    if (const auto forget = api::parse_forget({type, "", text}); forget && forget->path)
      check_accepted_path(*forget->path);
  }
  check(api::parse_update({"", text, ""}));
  if (const auto path = api::check_path(text)) check_accepted_path(*path);
  if (const auto path = api::path_of_url(text)) check_accepted_path(*path);
  if (api::check_version(text)) check_accepted_version(std::string(text));
  return 0;
}
