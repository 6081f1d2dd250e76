#include "api/form_fields.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

#include "base/text/closest.hpp"
#include "http/form.hpp"

namespace okg::api {
namespace {

constexpr std::string_view kUrl = "url";
constexpr std::string_view kEncodeUrl =
    "; if it belongs to url, send that with --data-urlencode 'url=https://…'";

/// "https://…": an encoded value has no "://" there.
bool is_pasted(std::string_view raw) {
  const auto scheme = raw.substr(0, std::min(raw.find("://"), raw.size()));
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !scheme.empty() && scheme.size() < raw.size() && std::ranges::all_of(scheme, is_letter);
}

/// "scop", and not "sp", which is a parameter of signed URLs.
bool is_typing_error(std::string_view name, FieldNames known) {
  return name.size() >= 3 && std::ranges::any_of(known, [&](std::string_view field) {
           return edit_distance(name, field) <= 1;
         });
}

/// Reads the pairs of one text in their order.
class FormReader {
 public:
  FormReader(FieldNames known, Fields& fields) : known_(known), fields_(fields) {}

  Result<void> read(std::string_view text) {
    const auto pairs = http::split_form(text);
    has_pasted_url_ = std::ranges::any_of(
        pairs, [](const auto& pair) { return pair.name == kUrl && is_pasted(pair.value); });
    for (const auto& pair : pairs)
      if (auto ok = add(pair); !ok) return ok;
    return {};
  }

 private:
  Result<void> add(const http::FormPair& pair) {
    auto name = http::decode_form_text(pair.name);
    if (name && std::ranges::find(known_, *name) != known_.end())
      return add_known(std::move(*name), pair.value);
    if (url_goes_on_ && !is_typing_error(name ? *name : pair.name, known_)) {
      fields_.at(std::string(kUrl)).append("&").append(pair.text);
      return {};
    }
    return name ? advised(unknown_field(*name, known_)) : advised(name.error());
  }

  Result<void> add_known(std::string name, std::string_view raw) {
    const bool pasted = name == kUrl && is_pasted(raw);
    url_goes_on_ = pasted && raw.find('?') != std::string_view::npos;
    auto value = pasted ? Result<std::string>(std::string(raw)) : http::decode_form_text(raw);
    if (!value) return advised(value.error().in(name));
    auto added = add_field(fields_, std::move(name), std::move(*value));
    return added ? added : Result<void>(advised(added.error()));
  }

  [[nodiscard]] Error advised(const Error& error) const {
    return fail(error.code, error.message + std::string(has_pasted_url_ ? kEncodeUrl : ""));
  }

  FieldNames known_;
  Fields& fields_;
  bool has_pasted_url_ = false;
  bool url_goes_on_ = false;  ///< the last pair was a pasted url with a query, or a part of it
};

}  // namespace

Result<void> add_form(std::string_view text, FieldNames known, Fields& fields) {
  return FormReader(known, fields).read(text);
}

std::string to_form(const Fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields)
    append_listed(text, "&", name + "=" + http::percent_encode(value));
  return text;
}

}  // namespace okg::api
