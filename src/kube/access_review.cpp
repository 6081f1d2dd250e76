#include "kube/access_review.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "base/json_members.hpp"

namespace okg::kube {
namespace {

std::vector<std::string> texts(const nlohmann::json& list) {
  std::vector<std::string> all;
  for (const auto& each : list)
    if (each.is_string()) all.push_back(each.get<std::string>());
  return all;
}

Result<nlohmann::json> status_of(std::string_view body, const std::string& kind) {
  const auto object = parse_json(body);
  if (!object || text_of(*object, "kind") != kind || !member_of(*object, "status").is_object())
    return fail(ErrorCode::kUpstream, "the API server's answer is not a ", kind);
  return member_of(*object, "status");
}

Client::Call creation(std::string group, std::string plural, std::string_view body) {
  Resource resource;
  resource.group = std::move(group);
  resource.plural = std::move(plural);
  return {.method = "POST",
          .resource = std::move(resource),
          .content_type = "application/json",
          .body = body};
}

}  // namespace

Result<std::optional<User>> parse_token_review(std::string_view body, std::string_view audience) {
  const auto status = status_of(body, "TokenReview");
  if (!status) return status.error();
  const auto& who = member_of(*status, "user");
  // An authenticator that knows no audiences
  // names none: its tokens are good for anything.
  const auto audiences = texts(member_of(*status, "audiences"));
  const bool is_meant = std::ranges::find(audiences, audience) != audiences.end();
  if (!flag_of(*status, "authenticated") || !is_meant || text_of(who, "username").empty())
    return std::optional<User>();
  User user{text_of(who, "username"), text_of(who, "uid"), texts(member_of(who, "groups"))};
  for (const auto& [key, values] : member_of(who, "extra").items()) user.extra[key] = texts(values);
  return std::optional(std::move(user));
}

Result<bool> parse_access_review(std::string_view body) {
  const auto status = status_of(body, "SubjectAccessReview");
  if (!status) return status.error();
  return flag_of(*status, "allowed") && !flag_of(*status, "denied");
}

Result<std::optional<User>> review_token(Client& client, std::string_view token,
                                         std::string_view audience, const std::stop_token& stop) {
  const auto body =
      to_text(nlohmann::json{{"apiVersion", "authentication.k8s.io/v1"},
                             {"kind", "TokenReview"},
                             {"spec", {{"token", token}, {"audiences", {audience}}}}});
  auto answer = client.call(creation("authentication.k8s.io", "tokenreviews", body), stop);
  if (!answer) return answer.error();
  return parse_token_review(*answer, audience);
}

Result<bool> may(Client& client, const User& user, const Deed& deed, const std::stop_token& stop) {
  const nlohmann::json attributes{{"verb", deed.verb},
                                  {"group", deed.group},
                                  {"resource", deed.resource},
                                  {"namespace", deed.ns},
                                  {"name", deed.name}};
  const auto body = to_text(nlohmann::json{{"apiVersion", "authorization.k8s.io/v1"},
                                           {"kind", "SubjectAccessReview"},
                                           {"spec",
                                            {{"user", user.name},
                                             {"uid", user.uid},
                                             {"groups", user.groups},
                                             {"extra", user.extra},
                                             {"resourceAttributes", attributes}}}});
  auto answer = client.call(creation("authorization.k8s.io", "subjectaccessreviews", body), stop);
  if (!answer) return answer.error();
  return parse_access_review(*answer);
}

}  // namespace okg::kube
