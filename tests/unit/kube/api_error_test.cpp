#include "kube/api_error.hpp"

#include <gmock/gmock.h>

namespace okg::kube {
namespace {

using ::testing::HasSubstr;

const Resource kConfigMap = config_map("kube-system", "sidecar-result");
const Resource kPod = pod("games", "game-0");
const Grants kGrants{"okg-sidecar-", {{"configmaps", "get,patch", true}, {"pods", "get,patch"}}};

// The bodies are those of kube-apiserver 1.20.2.

TEST(api_error, says_which_permission_on_a_config_map_is_missing_and_how_to_grant_it) {
  const Error error = api_error(
      "PATCH", kConfigMap, 403,
      R"({"kind":"Status","status":"Failure","message":"configmaps \"sidecar-result\" is forbidden: User )"
      R"(\"system:serviceaccount:games:sidecar\" cannot patch resource \"configmaps\" in API group \"\" in the )"
      R"(namespace \"kube-system\"","reason":"Forbidden","code":403})",
      kGrants);
  EXPECT_EQ(error.code, ErrorCode::kForbidden);
  EXPECT_THAT(
      error.message,
      HasSubstr(
          "service account games:sidecar may not patch ConfigMap kube-system/sidecar-result"));
  EXPECT_THAT(error.message, HasSubstr("resourceNames: [sidecar-result], verbs: [get, patch]"));
  EXPECT_THAT(
      error.message,
      HasSubstr("kubectl -n kube-system create role okg-sidecar-sidecar-result-games-sidecar "
                "--verb=get,patch --resource=configmaps "
                "--resource-name=sidecar-result"));
  EXPECT_THAT(error.message, HasSubstr("--serviceaccount=games:sidecar"));
}

TEST(api_error, names_the_group_of_what_is_to_be_granted) {
  const Resource events{.group = "events.k8s.io", .plural = "events", .ns = "games"};
  const Error error = api_error(
      "POST", events, 403,
      R"({"kind":"Status","message":"events.events.k8s.io is forbidden: User \"system:serviceaccount:games:sidecar\" cannot )"
      R"(create resource \"events\" in API group \"events.k8s.io\" in the namespace \"games\"","reason":"Forbidden","code":403})",
      {"okg-sidecar-", {{"events", "create"}}});
  EXPECT_THAT(error.message,
              HasSubstr("{apiGroups: [\"events.k8s.io\"], resources: [events], verbs: [create]}"));
  EXPECT_THAT(error.message, HasSubstr("--verb=create --resource=events.events.k8s.io "));
}

TEST(api_error, grants_pods_without_naming_them) {
  const Error error = api_error(
      "GET", kPod, 403,
      R"({"kind":"Status","message":"pods \"game-0\" is forbidden: User \"system:serviceaccount:games:sidecar\" cannot get )"
      R"(resource \"pods\" in API group \"\" in the namespace \"games\"","reason":"Forbidden","code":403})",
      kGrants);
  EXPECT_THAT(error.message, HasSubstr("may not get Pod games/game-0"));
  EXPECT_THAT(error.message,
              HasSubstr("{apiGroups: [\"\"], resources: [pods], verbs: [get, patch]}"));
}

TEST(api_error, keeps_a_refusal_that_is_not_about_permissions) {
  const Error error = api_error(
      "PATCH", kPod, 403,
      R"({"kind":"Status","message":"denied by webhook","reason":"Forbidden","code":403})",
      kGrants);
  EXPECT_EQ(error.code, ErrorCode::kForbidden);
  EXPECT_EQ(error.message,
            "patch Pod games/game-0 is not allowed: 403 Forbidden: denied by webhook");
}

TEST(api_error, says_how_to_create_a_missing_config_map) {
  const Error error = api_error(
      "PATCH", kConfigMap, 404,
      R"({"kind":"Status","message":"configmaps \"sidecar-result\" not found","reason":"NotFound","code":404})");
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_THAT(error.message, HasSubstr("ConfigMap kube-system/sidecar-result does not exist"));
  EXPECT_THAT(error.message, HasSubstr("kubectl -n kube-system create configmap sidecar-result"));
}

TEST(api_error, names_a_missing_pod) {
  const Error error = api_error("GET", kPod, 404, "{}");
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_EQ(error.message, "Pod games/game-0 does not exist (404)");
}

TEST(api_error, proposes_no_grant_that_its_caller_does_not_know) {
  const Error error = api_error(
      "GET", kPod, 403,
      R"({"kind":"Status","message":"User \"system:serviceaccount:games:sidecar\" cannot get","reason":"Forbidden"})");
  EXPECT_EQ(error.reason, Reason::kApiForbidden);
  EXPECT_THAT(error.message, HasSubstr("service account games:sidecar may not get Pod"));
  EXPECT_THAT(error.message, ::testing::Not(HasSubstr("Role")));
}

TEST(api_error, tells_a_failed_json_patch_test_from_a_failed_validation) {
  const Error test = api_error(
      "PATCH", kConfigMap, 422,
      R"({"kind":"Status","message":"the server rejected our request due to an error in our request",)"
      R"("reason":"Invalid","details":{},"code":422})");
  EXPECT_EQ(test.code, ErrorCode::kConflict);
  const Error validation = api_error(
      "PATCH", kConfigMap, 422,
      R"({"kind":"Status","message":"ConfigMap is invalid: data[a b]","reason":"Invalid",)"
      R"("details":{"causes":[{"reason":"FieldValueInvalid"}]},"code":422})");
  EXPECT_EQ(validation.code, ErrorCode::kInvalid);
}

TEST(api_error, knows_the_answers_to_an_object_that_would_become_too_large) {
  EXPECT_EQ(
      api_error(
          "PATCH", kConfigMap, 422,
          R"({"kind":"Status","message":"ConfigMap \"x\" is invalid: []: Too long: must have at most 1048576 bytes",)"
          R"("reason":"Invalid","details":{"causes":[{"reason":"FieldValueTooLong"}]},"code":422})")
          .code,
      ErrorCode::kNoSpace);
  EXPECT_EQ(
      api_error(
          "PATCH", kConfigMap, 413,
          R"({"kind":"Status","message":"Request entity too large: limit is 3145728","reason":"RequestEntityTooLarge","code":413})")
          .code,
      ErrorCode::kNoSpace);
  EXPECT_EQ(
      api_error("PATCH", kConfigMap, 500,
                R"({"kind":"Status","message":"etcdserver: request is too large","code":500})")
          .code,
      ErrorCode::kNoSpace);
}

TEST(api_error, takes_throttling_and_server_faults_as_transient) {
  for (const int status : {429, 500, 502, 503})
    EXPECT_EQ(api_error("GET", kPod, status, "").code, ErrorCode::kUnavailable) << status;
  EXPECT_EQ(api_error("PATCH", kPod, 504, "").code, ErrorCode::kTimeout);
  for (const char* late : {"context deadline exceeded",
                           "rpc error: code = DeadlineExceeded desc = context deadline exceeded"}) {
    const std::string status =
        std::string(R"({"kind":"Status","code":500,"message":")") + late + "\"}";
    EXPECT_EQ(api_error("PATCH", kPod, 500, status).code, ErrorCode::kTimeout) << late;
  }
  EXPECT_EQ(api_error("GET", kPod, 409, "").code, ErrorCode::kConflict);
  EXPECT_EQ(api_error("GET", kPod, 401, "").code, ErrorCode::kForbidden);
  EXPECT_EQ(api_error("GET", kPod, 400, "").code, ErrorCode::kInvalid);
  EXPECT_EQ(api_error("GET", kPod, 302, "").code, ErrorCode::kUpstream);
}

TEST(api_error, survives_any_object_and_body) {
  for (const auto& object :
       {Resource{}, Resource{.plural = "pods"}, pod("", ""), config_map("a", "")})
    for (const int status : {403, 404, 500})
      EXPECT_FALSE(api_error("GET", object, status, "\xff{", kGrants).message.empty());
}

}  // namespace
}  // namespace okg::kube
