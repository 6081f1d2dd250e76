#include "plugins/hot_update/orders/pod_labels.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

using Labels = std::map<std::string, std::string>;

TEST(PodLabelsTest, reads_what_the_kubelet_writes) {
  EXPECT_EQ(parse_pod_labels("app=\"gs\"\ngame.kruise.io/gs-opsState=\"Allocated\"").value(),
            (Labels{{"app", "gs"}, {"game.kruise.io/gs-opsState", "Allocated"}}));
  EXPECT_EQ(parse_pod_labels("").value(), Labels{});
  EXPECT_EQ(parse_pod_labels("a=\"\"\n").value(), (Labels{{"a", ""}}));
}

TEST(PodLabelsTest, resolves_the_escapes_of_go) {
  EXPECT_EQ(parse_pod_labels(R"(a="\"=\\\n\t\x41\u00fc\u20ac\U0001f600")").value().at("a"),
            "\"=\\\n\tA\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80");
}

TEST(PodLabelsTest, names_a_line_that_is_none) {
  for (const auto* text : {"b", "b=", "b=c", "b=\"c", "b=\"c\"d", "b=\"\\q\"", "b=\"\\x4\"",
                           "b=\"\\U00ffffff\"", "b=\"\\"}) {
    const auto labels = parse_pod_labels(std::string("a=\"b\"\n") + text);
    ASSERT_FALSE(labels) << text;
    EXPECT_EQ(labels.error().message, "line 2 is not key=\"value\"") << text;
  }
}

}  // namespace
}  // namespace okg::hot_update
