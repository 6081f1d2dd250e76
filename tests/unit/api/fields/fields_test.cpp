#include "api/fields/fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace okg::api {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

constexpr std::array<std::string_view, 3> kKnownOfAny{"path", "url", "version"};
constexpr auto kJsonType = "application/json";

Result<Fields> read_any(const FieldSource& source) { return read_fields(source, kKnownOfAny); }

std::string words_of_any(const FieldSource& source) {
  const auto fields = read_any(source);
  return fields ? "" : fields.error().message;
}

TEST(ReadFields, are_none_of_nothing) { EXPECT_EQ(read_any({}).value(), Fields()); }

TEST(ReadFields, take_the_same_of_query_form_json_and_multipart) {
  const Fields expected{{"path", "a b"}, {"version", "v1"}};
  EXPECT_EQ(read_any({"", "path=a+b&version=v1", ""}).value(), expected);
  EXPECT_EQ(read_any({"", "", "path=a+b&version=v1"}).value(), expected);
  EXPECT_EQ(read_any({kJsonType, "", R"({"path":"a b","version":"v1"})"}).value(), expected);
  EXPECT_EQ(read_any({"multipart/form-data; boundary=x", "version=v1",
                      "--x\r\nContent-Disposition: form-data; name=path\r\n\r\na b\r\n--x--"})
                .value(),
            expected);
}

TEST(ReadFields, refuse_one_that_both_query_and_body_have) {
  EXPECT_EQ(words_of_any({kJsonType, "version=v1", R"({"version":"v2"})"}),
            "field 'version' is given twice");
}

TEST(ReadFields, take_a_body_without_a_type_for_a_form) {
  EXPECT_EQ(read_any({"", "", "version=v1"})->at("version"), "v1");
}

TEST(ReadFields, take_a_byte_order_mark_for_nothing) {
  EXPECT_EQ(read_any({"", "", "\ufeffversion=v1"})->at("version"), "v1");
  EXPECT_EQ(read_any({kJsonType, "", "\ufeff{\"version\":\"v1\"}"})->at("version"), "v1");
}

TEST(ReadFields, name_what_was_sent_as_something_else) {
  EXPECT_THAT(words_of_any({"", "", " {\"version\":\"v1\"}"}),
              EndsWith("send JSON with -H 'Content-Type: application/json'"));
  EXPECT_THAT(words_of_any({kJsonType, "", "version=v1"}),
              EndsWith("leave out the header Content-Type: application/json"));
}

TEST(ReadFields, name_bytes_that_are_no_text) {
  EXPECT_THAT(words_of_any({"", "", "\x1f\x8b\x08"}), HasSubstr("compressed by gzip"));
  EXPECT_THAT(words_of_any({"", "", std::string_view("\xff\xfev\0", 4)}), HasSubstr("UTF-16"));
  EXPECT_THAT(words_of_any({kJsonType, "", std::string_view("{\0\"\0", 4)}), HasSubstr("UTF-16"));
}

TEST(ReadFields, say_how_to_send_what_is_not_utf8) {
  EXPECT_EQ(words_of_any({"", "", "path=%B5%D8"}),
            "path is not UTF-8; send it in UTF-8, like path=NAME");
  EXPECT_EQ(words_of_any({"", "", "url=http%3A//h/%B5"}),
            "url is not UTF-8; send it in UTF-8, percent-encoded, and say where to put the file "
            "with path=NAME");
}

TEST(ReadFields, take_no_file) {
  EXPECT_EQ(words_of_any({"multipart/form-data; boundary=x", "",
                          "--x\r\nContent-Disposition: form-data; name=url; filename=a\r\n\r\n"
                          "bytes\r\n--x--"}),
            "field 'url' is a file; send the url that it can be fetched from");
}

TEST(CheckContentType, takes_those_that_are_read) {
  for (const auto* type : {"", "application/json", "Application/X-WWW-Form-Urlencoded ; charset=x",
                           "multipart/form-data; boundary=x"})
    EXPECT_TRUE(check_content_type({type, "", ""})) << type;
}

TEST(CheckContentType, names_what_to_send_for_another) {
  const auto error = check_content_type({"text/plain; charset=utf-8", "", "a"}).error();
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_EQ(error.message,
            "the body is 'text/plain'; send application/x-www-form-urlencoded (curl -d), "
            "multipart/form-data (curl -F) or application/json");
}

TEST(CheckContentType, names_json_alone_for_what_looks_like_it) {
  EXPECT_EQ(check_content_type({"text/plain", "", "{}"}).error().message,
            "the body is 'text/plain'; send JSON with -H 'Content-Type: application/json'");
}

}  // namespace
}  // namespace okg::api
