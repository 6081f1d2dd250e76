// Answers of the API server: whatever it says becomes an object, or an error that names what was
// asked for.
#include <array>
#include <string>

#include "fuzz.hpp"
#include "kube/api_error.hpp"
#include "kube/objects.hpp"
#include "kube/workload.hpp"
#include "results/in_kube/keys.hpp"

namespace okg::kube {
namespace {

using fuzz::require;

void check_objects(std::string_view text) {
  if (const auto pod = parse_pod(text)) {
    const auto workload = workload_of(*pod);
    require(workload.ns == pod->ns, "a workload is in its pod's namespace");
    require(results::latest_key(workload).size() <= 253,
            "a key is no longer than a ConfigMap takes");
  }
  if (const auto map = parse_config_map(text))
    for (const auto& [key, value] : map->data) {
      const auto step = results::escape_json_pointer(key);
      require(step.find('/') == std::string::npos && step.size() >= key.size(),
              "a key is one step of a JSON pointer");
    }
}

void check_error(std::string_view body, std::string_view method, const Resource& object,
                 int status) {
  const Grants grants{"role-", {{"pods", "get,patch", false}, {"configmaps", "get", true}}};
  const auto error = api_error(method, object, status, body, grants);
  require(error.message.find(std::to_string(status)) != std::string::npos,
          "an error tells the status");
  require(status != 401 || error.code == ErrorCode::kForbidden, "401 is not allowed");
  require(status != 404 || error.code == ErrorCode::kNotFound, "404 is not there");
  require(status != 409 || error.code == ErrorCode::kConflict, "409 is a conflict");
  require(status < 500 || is_transient(error.code) || error.code == ErrorCode::kNoSpace,
          "5xx is worth another try");
}

}  // namespace
}  // namespace okg::kube

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = okg::fuzz::text_of(data, size);
  okg::kube::check_objects(text);
  (void)okg::kube::parse_status(text);
  for (const int status : {400, 401, 403, 404, 409, 413, 422, 429, 500, 503})
    for (const auto& object :
         {okg::kube::pod("game", "a-0"), okg::kube::config_map("kube-system", "sidecar-result")})
      okg::kube::check_error(text, "PATCH", object, status);
  const auto name = std::string(okg::fuzz::take_until(text, '\n'));
  okg::kube::check_error(text, "GET", okg::kube::pod("game", name), 403);
  okg::kube::check_error(text, "GET", okg::kube::pod("game", name), 404);
  return 0;
}
