#include "api/fields/form_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace okg::api {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::array<std::string_view, 3> kKnownOfForm{"path", "url", "version"};

Result<Fields> read_form(std::string_view text) {
  Fields fields;
  if (auto ok = add_form(text, kKnownOfForm, fields); !ok) return ok.error();
  return fields;
}

std::string url_of(std::string_view text) { return read_form(text).value().at("url"); }

std::string words_of_form(std::string_view text) {
  const auto fields = read_form(text);
  return fields ? "" : fields.error().message;
}

TEST(AddForm, takes_nothing_of_nothing) { EXPECT_EQ(read_form("").value(), Fields()); }

TEST(AddForm, decodes_values) {
  EXPECT_EQ(read_form("path=a+b%2Fc&version=v1").value(),
            (Fields{{"path", "a b/c"}, {"version", "v1"}}));
}

TEST(AddForm, decodes_an_encoded_url_once) {
  EXPECT_EQ(url_of("url=https%3A%2F%2Fh%2Fa%2520b"), "https://h/a%20b");
}

TEST(AddForm, takes_a_pasted_url_literally) {
  EXPECT_EQ(url_of("url=https://h/a%20b+c?s=x%2By"), "https://h/a%20b+c?s=x%2By");
  EXPECT_EQ(url_of("url=s3://bucket/a%23"), "s3://bucket/a%23");
}

TEST(AddForm, puts_back_what_a_pasted_url_lost) {
  EXPECT_EQ(url_of("url=https://h/a?s=1&t=2&u&=x"), "https://h/a?s=1&t=2&u&=x");
}

TEST(AddForm, takes_the_first_version_behind_a_pasted_url_for_a_field) {
  EXPECT_EQ(read_form("url=https://h/a?s=1&version=v1").value(),
            (Fields{{"url", "https://h/a?s=1"}, {"version", "v1"}}));
}

TEST(AddForm, guesses_nothing_of_another_known_field_there) {
  EXPECT_EQ(words_of_form("url=https://h/a?s=1&path=x"),
            "field 'path' stands behind a pasted url with a query, and may belong to it; send "
            "--data-urlencode 'url=https://h/a?s=***' where it is a field, --data-urlencode "
            "'url=https://h/a?s=***&path=***' where it belongs to url");
  EXPECT_THAT(words_of_form("version=v1&url=https://h/a?s=1&version=2"),
              HasSubstr("may belong to it"));
}

TEST(AddForm, guesses_nothing_of_an_unknown_field_elsewhere) {
  for (const auto* text :
       {"url=https://h/a&t=2", "t=2&url=https://h/a?s=1", "url=https://h/a?s=1&version=v1&t=2"})
    EXPECT_THAT(words_of_form(text), HasSubstr("--data-urlencode 'url=")) << text;
}

TEST(AddForm, speaks_of_no_pasted_url_where_there_is_none) {
  EXPECT_THAT(words_of_form("uri=a"), Not(HasSubstr("urlencode")));
}

TEST(AddForm, names_the_field_that_cannot_be_decoded) {
  EXPECT_THAT(words_of_form("version=%zz"), testing::StartsWith("version: "));
}

TEST(AddForm, refuses_a_field_that_is_there) {
  Fields fields{{"path", "a"}};
  EXPECT_EQ(add_form("path=b", kKnownOfForm, fields).error().message,
            "field 'path' is given twice");
}

TEST(ToForm, is_read_back_as_it_was_written) {
  const Fields fields{{"path", "a b/\u56fe&=+%"}, {"url", "https://h/a?s=%2B&t=+#x"}};
  EXPECT_EQ(read_form(to_form(fields)).value(), fields);
}

TEST(ToForm, is_empty_of_nothing) { EXPECT_EQ(to_form({}), ""); }

}  // namespace
}  // namespace okg::api
