#include "api/fields/json_fields.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "api/mistakes/json_flaw.hpp"
#include "base/json_events.hpp"
#include "base/text.hpp"
#include "base/text/in_quotes.hpp"

namespace okg::api {
namespace {

/// Called by the parser for each value. Nesting ends it at once, however deep it goes.
class FlatObject final : public nlohmann::json_sax<nlohmann::json> {
 public:
  FlatObject(std::string_view text, FieldNames known, Fields& fields)
      : text_(text), known_(known), fields_(fields) {}

  bool null() override { return refuse("is null; leave it out instead"); }
  bool boolean(bool value) override {
    if (!is_flag())
      return refuse(std::string("is ") + (value ? "true" : "false") + "; it has to be text");
    return add(value ? "true" : "false");
  }
  /// Of those below zero; 0 is what "-0" is read as.
  bool number_integer(number_integer_t value) override {
    return add(value == 0 ? "-0" : std::to_string(value));
  }
  bool number_unsigned(number_unsigned_t value) override { return add(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& as_written) override { return add(as_written); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return refuse("is binary"); }
  bool start_object(std::size_t) override {
    if (inside_) return refuse("is an object; it has to be text");
    return inside_ = true;
  }
  bool key(string_t& name) override {
    name_ = std::move(name);
    if (std::ranges::find(known_, name_) != known_.end()) return true;
    return end(unknown_field(name_, known_));
  }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override {
    const bool takes_list = name_ == "include" || name_ == "exclude";
    if (!takes_list || in_list_) return refuse("is an array; it has to be text");
    list_.clear();
    return in_list_ = true;
  }
  bool end_array() override {
    in_list_ = false;
    return add(std::move(list_));
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return end(fail(ErrorCode::kInvalid, "the body is not JSON: ", flaw_of_json(text_, position)));
  }

  /// Of the first value that was refused.
  Error error{ErrorCode::kInvalid, "the body is not a JSON object"};

 private:
  bool end(Error reason) {
    error = std::move(reason);
    return false;
  }
  [[nodiscard]] bool is_flag() const {
    return name_ == "wait" || name_ == "force" || name_ == "all";
  }
  bool refuse(std::string_view reason) {
    if (!inside_) return false;
    return end(fail(ErrorCode::kInvalid, "field ", in_quotes(name_), " ", reason));
  }
  bool add(std::string value) {
    if (!inside_) return false;
    if (in_list_) {
      append_listed(list_, ",", value);
      return true;
    }
    auto added = add_field(fields_, name_, std::move(value));
    return added ? true : end(added.error());
  }

  std::string_view text_;
  FieldNames known_;
  Fields& fields_;
  bool inside_ = false;
  bool in_list_ = false;
  std::string name_;
  std::string list_;  ///< its items, separated by commas
};

}  // namespace

Result<void> add_json(std::string_view text, FieldNames known, Fields& fields) {
  FlatObject reader(text, known, fields);
  if (read_json_events<nlohmann::json>(text, reader)) return {};
  return reader.error;
}

}  // namespace okg::api
