// The examples that AWS publishes, with the signatures that it gives.
#include "source/aws_signature.hpp"

#include <gtest/gtest.h>

namespace okg::source {
namespace {

Timestamp at(std::string_view text) { return parse_timestamp(text).value(); }

/// @source https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
std::string signed_as_s3(AwsRequest request) {
  request.headers.push_back({"Host", "examplebucket.s3.amazonaws.com"});
  request.headers.push_back({"x-amz-content-sha256", empty_body_sha256()});
  request.headers.push_back({"x-amz-date", "20130524T000000Z"});
  const AwsKeys keys{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""};
  return aws_authorization(request, keys, {"us-east-1", "s3"}, at("2013-05-24T00:00:00Z"));
}

TEST(AwsSignature, signs_get_object_as_the_s3_documentation_does) {
  EXPECT_EQ(signed_as_s3({"GET", "/test.txt", "", {{"Range", "bytes=0-9"}}}),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(AwsSignature, signs_a_query_as_the_s3_documentation_does) {
  EXPECT_TRUE(signed_as_s3({"GET", "/", canonical_query("lifecycle").value(), {}})
                  .ends_with("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
  EXPECT_TRUE(signed_as_s3({"GET", "/", canonical_query("prefix=J&max-keys=2").value(), {}})
                  .ends_with("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

/// @source get-vanilla of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
TEST(AwsSignature, signs_get_vanilla_of_the_test_suite) {
  const AwsKeys keys{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
  const AwsRequest request{
      "GET", "/", "", {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}}};
  EXPECT_TRUE(aws_authorization(request, keys, {"us-east-1", "service"}, at("2015-08-30T12:36:00Z"))
                  .ends_with("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"));
}

TEST(AwsSignature, encodes_paths_and_queries_in_one_form) {
  EXPECT_EQ(canonical_path("/a%2bb c/%7e%41/\xc3\xa4//x").value(), "/a%2Bb%20c/~A/%C3%A4//x");
  EXPECT_EQ(canonical_path("/a/%2e%2e/%2E").value(), "/a/%2E%2E/%2E");
  EXPECT_EQ(canonical_query("b=2&a&A=%7e+").value(), "A=~%2B&a=&b=2");
  EXPECT_FALSE(canonical_path("/%zz"));
  EXPECT_FALSE(canonical_query("a=%z"));
}

}  // namespace
}  // namespace okg::source
