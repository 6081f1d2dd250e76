#include "api/fields/fields.hpp"

#include <algorithm>
#include <utility>

#include "api/fields/form_fields.hpp"
#include "api/fields/json_fields.hpp"
#include "base/text.hpp"
#include "base/text/in_quotes.hpp"
#include "base/text/visible.hpp"
#include "http/multipart.hpp"

namespace okg::api {
namespace {

constexpr std::string_view kSendJsonType = "send JSON with -H 'Content-Type: application/json'";

enum class BodyKind { kForm, kMultipart, kJson, kOther };

std::string_view media_type(std::string_view content_type) {
  auto type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  return type;
}

/// A body without a type is taken for a form: scripts forget to send it.
BodyKind kind_of(std::string_view content_type) {
  const auto type = media_type(content_type);
  if (type.empty() || equals_ignoring_case(type, "application/x-www-form-urlencoded"))
    return BodyKind::kForm;
  if (equals_ignoring_case(type, "multipart/form-data")) return BodyKind::kMultipart;
  return equals_ignoring_case(type, "application/json") ? BodyKind::kJson : BodyKind::kOther;
}

bool looks_like_json(std::string_view body) {
  const auto first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (body[first] == '{' || body[first] == '[');
}

/// "version=v1&…": nothing of JSON begins with such a name.
bool looks_like_form(std::string_view body) {
  const auto equals = body.find('=');
  return equals != std::string_view::npos && equals > 0 &&
         has_only_alphanumeric_or("", body.substr(0, equals));
}

Result<void> add_multipart(const FieldSource& source, FieldNames known, Fields& fields) {
  auto parts = http::parse_multipart(source.content_type, source.body);
  if (!parts) return parts.error();
  for (auto& part : *parts) {
    if (std::ranges::find(known, part.name) == known.end()) return unknown_field(part.name, known);
    if (part.is_file)
      return fail(ErrorCode::kInvalid, "field ", in_quotes(part.name),
                  " is a file; send the url that it can be fetched from");
    if (auto ok = add_field(fields, std::move(part.name), std::move(part.value)); !ok) return ok;
  }
  return {};
}

constexpr std::string_view kByteOrderMark = "\ufeff";

std::string_view without_byte_order_mark(std::string_view body) {
  if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
  return body;
}

/// By its mark, or by the NULs that every other byte of ASCII is in it.
bool is_utf16(std::string_view body) {
  return body.starts_with("\xff\xfe") || body.starts_with("\xfe\xff") ||
         body.substr(0, 2).find('\0') != std::string_view::npos;
}

/// Said of bytes that no reader of fields would know what to do with.
Result<void> check_bytes(std::string_view body) {
  if (body.starts_with("\x1f\x8b"))
    return fail(ErrorCode::kInvalid, "the body is compressed by gzip; send it as it is");
  if (is_utf16(body))
    return fail(ErrorCode::kInvalid,
                "the body is UTF-16, as PowerShell writes files with > and Out-File; send it in "
                "UTF-8 (Out-File -Encoding utf8)");
  return {};
}

Result<void> add_body(FieldSource source, FieldNames known, Fields& fields) {
  if (auto ok = check_bytes(source.body); !ok) return ok;
  source.body = without_byte_order_mark(source.body);
  switch (kind_of(source.content_type)) {
    case BodyKind::kJson:
      if (looks_like_form(source.body))
        return fail(ErrorCode::kInvalid,
                    "the body looks like a form and was sent as JSON; leave out the header "
                    "Content-Type: application/json");
      return add_json(source.body, known, fields);
    case BodyKind::kMultipart: return add_multipart(source, known, fields);
    default: break;
  }
  if (looks_like_json(source.body))
    return fail(ErrorCode::kInvalid, "the body looks like JSON and was sent as a form; ",
                kSendJsonType);
  return add_form(source.body, known, fields);
}

Result<void> check_utf8(const Fields& fields) {
  for (const auto& [name, value] : fields) {
    if (is_utf8(value)) continue;
    return fail(ErrorCode::kInvalid, name, " is not UTF-8; send it in UTF-8",
                (name == "url" ? ", percent-encoded, and say where to put the file with "
                                 "path=NAME"
                               : ", like " + name + "=NAME"));
  }
  return {};
}

}  // namespace

Result<void> check_content_type(const FieldSource& source) {
  if (kind_of(source.content_type) != BodyKind::kOther) return {};
  const auto what = "the body is " + in_quotes(media_type(source.content_type)) + "; ";
  constexpr auto kReason = Reason::kUnsupportedMediaType;
  if (looks_like_json(source.body)) return fail(ErrorCode::kInvalid, kReason, what, kSendJsonType);
  return fail(ErrorCode::kInvalid, kReason, what,
              "send application/x-www-form-urlencoded (curl -d), "
              "multipart/form-data (curl -F) or application/json");
}

Result<Fields> read_fields(const FieldSource& source, FieldNames known) {
  Fields fields;
  if (auto ok = add_form(source.query, known, fields); !ok) return ok.error();
  if (auto ok = add_body(source, known, fields); !ok) return ok.error();
  if (auto ok = check_utf8(fields); !ok) return ok.error();
  return fields;
}

}  // namespace okg::api
