#include "plugins/hot_update/orders/order_json.hpp"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json_events.hpp"

namespace okg::hot_update {
namespace {

using Json = nlohmann::json;

/// Called by the parser for each value. Depth 1 are paths, depth 2 their fields.
class OrderReader final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return add_mistake("is null; leave it out instead"); }
  bool boolean(bool value) override { return add(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return add(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& as_written) override { return add(as_written); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return add_mistake("is binary"); }
  bool start_object(std::size_t) override {
    if (depth_ == 2) (void)add_mistake("is an object; it has to be text");
    ++depth_;
    return true;
  }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t) override {
    if (depth_ == 0) return false;
    if (depth_ <= 2) (void)add_mistake("is an array");
    ++depth_;
    return true;
  }
  bool end_array() override { return leave(); }
  bool key(string_t& name) override {
    if (depth_ == 1) return begin_path(std::move(name));
    if (depth_ == 2) field_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    error = fail(ErrorCode::kInvalid, "it is not JSON: it cannot be read beyond byte ", position);
    return false;
  }

  std::map<std::string, RawOrder> paths;
  Error error{ErrorCode::kInvalid, "it is not a JSON object: {\"PATH\":{\"version\":…,\"url\":…}}"};

 private:
  bool begin_path(std::string name) {
    field_.clear();
    const auto [place, is_new] = paths.try_emplace(std::move(name));
    path_ = &place->second;
    if (!is_new) path_->mistake = "the path is given twice";
    return true;
  }
  bool leave() {
    --depth_;
    return true;
  }
  bool add_mistake(const std::string& what) {
    if (depth_ == 0) return false;
    if (depth_ <= 2 && path_->mistake.empty())
      path_->mistake = field_.empty() ? "the order " + what : "field '" + field_ + "' " + what;
    return true;
  }
  bool add(std::string value) {
    if (depth_ == 1) return add_mistake("is no object: {\"version\":…,\"url\":…}");
    if (depth_ != 2) return depth_ != 0;
    const auto added = api::add_field(path_->fields, field_, std::move(value));
    if (!added && path_->mistake.empty()) path_->mistake = added.error().message;
    return true;
  }

  int depth_ = 0;
  RawOrder* path_ = nullptr;
  std::string field_;
};

}  // namespace

Result<std::map<std::string, RawOrder>> read_order(std::string_view text) {
  OrderReader reader;
  if (!read_json_events<Json>(text, reader)) return reader.error;
  return std::move(reader.paths);
}

}  // namespace okg::hot_update
