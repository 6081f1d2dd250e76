#include "kube/names.hpp"

#include <gtest/gtest.h>

#include <string>

namespace okg::kube {
namespace {

TEST(check_namespace, takes_dns_labels_only) {
  for (const std::string& name :
       {std::string("kube-system"), std::string("0"), std::string(63, 'a')})
    EXPECT_TRUE(check_namespace(name)) << name;
  for (const std::string& name : {std::string(), std::string("Kube"), std::string("a.b"),
                                  std::string("-a"), std::string("a-"), std::string("a/b"),
                                  std::string("a_b"), std::string(64, 'a'), std::string("a\0b", 3)})
    EXPECT_FALSE(check_namespace(name)) << name;
}

TEST(check_object_name, takes_dns_subdomains_only) {
  for (const std::string& name :
       {std::string("sidecar-result"), std::string("a.b-c.d"), std::string(253, 'a')})
    EXPECT_TRUE(check_object_name(name)) << name;
  for (const std::string& name :
       {std::string(), std::string("a..b"), std::string(".a"), std::string("a."),
        std::string("../pods/x"), std::string("a?b"), std::string("A"), std::string(254, 'a')})
    EXPECT_FALSE(check_object_name(name)) << name;
}

TEST(check_label_key, takes_names_with_and_without_a_domain) {
  for (const std::string& key : {std::string("hot-update-version"), std::string("a_b.C"),
                                 std::string("example.com/") + std::string(63, 'a')})
    EXPECT_TRUE(check_label_key(key)) << key;
  for (const std::string& key :
       {std::string(), std::string("/a"), std::string("a/"), std::string("a/b/c"),
        std::string("-a"), std::string("Example.com/a"), std::string("a b"), std::string(64, 'a')})
    EXPECT_FALSE(check_label_key(key)) << key;
}

TEST(check_annotation_key, does_not_look_at_the_case_of_the_domain) {
  EXPECT_TRUE(check_annotation_key("Example.com/result"));
  EXPECT_FALSE(check_annotation_key("example.com/"));
  EXPECT_NE(
      check_annotation_key("a b").error().message.find("'a b' is not the key of an annotation"),
      std::string::npos);
}

}  // namespace
}  // namespace okg::kube
