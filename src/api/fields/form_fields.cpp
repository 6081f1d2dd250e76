#include "api/fields/form_fields.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "base/text/in_quotes.hpp"
#include "http/form.hpp"

namespace okg::api {
namespace {

constexpr std::string_view kUrl = "url";
constexpr std::string_view kVersion = "version";
constexpr std::string_view kEncodeUrl =
    "; if it belongs to url, send that with --data-urlencode 'url=https://…'";

/// "https://…", "s3://…": an encoded value has no "://" there.
/// @source RFC 3986, 3.1
bool is_pasted(std::string_view raw) {
  const auto scheme = raw.substr(0, std::min(raw.find("://"), raw.size()));
  return !scheme.empty() && scheme.size() < raw.size() && is_letter(scheme.front()) &&
         has_only_alphanumeric_or("+-.", scheme);
}

std::string urlencoded(std::string_view url) {
  return "--data-urlencode " + in_quotes("url=" + std::string(url));
}

/// Reads the pairs of one text in their order.
class FormReader {
 public:
  FormReader(FieldNames known, Fields& fields) : known_(known), fields_(fields) {}

  Result<void> read(std::string_view text) {
    const auto pairs = http::split_form(text);
    has_pasted_url_ = std::ranges::find(known_, kUrl) != known_.end() &&
                      std::ranges::any_of(pairs, [](const auto& pair) {
                        return pair.name == kUrl && is_pasted(pair.value);
                      });
    for (const auto& pair : pairs)
      if (auto ok = add(pair); !ok) return ok;
    return {};
  }

 private:
  Result<void> add(const http::FormPair& pair) {
    auto name = http::decode_form_text(pair.name);
    if (name && std::ranges::find(known_, *name) != known_.end())
      return may_belong_to_url(*name) ? unclear(*name) : add_known(std::move(*name), pair.value);
    if (url_goes_on_) {
      fields_.at(std::string(kUrl)).append("&").append(pair.text);
      return {};
    }
    return name ? advised(unknown_field(*name, known_)) : advised(name.error());
  }

  /// A request without a version is none: the first one is ours.
  [[nodiscard]] bool may_belong_to_url(const std::string& name) const {
    return url_has_query_ && name != kUrl && (name != kVersion || fields_.count(name) != 0);
  }

  [[nodiscard]] Error unclear(const std::string& name) const {
    const auto& url = fields_.at(std::string(kUrl));
    return fail(ErrorCode::kInvalid,
                "field " + in_quotes(name) +
                    " stands behind a pasted url with a query, and may belong to it; send " +
                    urlencoded(url) + " where it is a field, " +
                    urlencoded(url + "&" + name + "=…") + " where it belongs to url");
  }

  Result<void> add_known(std::string name, std::string_view raw) {
    const bool pasted = name == kUrl && is_pasted(raw);
    url_goes_on_ = pasted && raw.find('?') != std::string_view::npos;
    url_has_query_ = url_has_query_ || url_goes_on_;
    auto value = pasted ? Result<std::string>(std::string(raw)) : http::decode_form_text(raw);
    if (!value) return advised(value.error().in(name));
    auto added = add_field(fields_, std::move(name), std::move(*value));
    return added ? added : Result<void>(advised(added.error()));
  }

  [[nodiscard]] Error advised(const Error& error) const {
    return {error.code, error.message + std::string(has_pasted_url_ ? kEncodeUrl : ""),
            error.reason};
  }

  FieldNames known_;
  Fields& fields_;
  bool has_pasted_url_ = false;
  bool url_goes_on_ = false;    ///< the last pair was a pasted url with a query, or a part of it
  bool url_has_query_ = false;  ///< a pasted url with a query has come
};

}  // namespace

Result<void> add_form(std::string_view text, FieldNames known, Fields& fields) {
  return FormReader(known, fields).read(text);
}

std::string to_form(const Fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields)
    text += (text.empty() ? "" : "&") + name + "=" + http::percent_encode(value);
  return text;
}

}  // namespace okg::api
