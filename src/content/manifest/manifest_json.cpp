#include "content/manifest/manifest_json.hpp"

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/json_events.hpp"
#include "base/text/visible.hpp"

namespace okg::content {
namespace {

/// No other code that reads JSON is built for time. A type of
/// its own keeps the linker from taking the one that is built for room.
using Json = nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t,
                                  std::uint64_t, long double>;

/// @source https://json.nlohmann.me/features/parsing/sax_interface/: false ends the parsing
class Events final : public nlohmann::json_sax<Json> {
 public:
  explicit Events(const TakeMembers& take) : take_(take) {}

  bool null() override { return true; }
  bool boolean(bool) override { return other("true or false"); }
  bool number_integer(number_integer_t) override { return other("a negative number"); }
  bool number_float(number_float_t, const string_t& as_written) override {
    const bool is_whole = as_written.find_first_not_of("-0123456789") == std::string::npos;
    if (!is_whole) return other("written with a fraction or an exponent");
    return other(as_written.starts_with('-') ? "a negative number" : "larger than 2^64 - 1");
  }
  bool binary(binary_t&) override { return other("binary"); }

  bool number_unsigned(number_unsigned_t number) override {
    if (!is_in_file()) return other("text or a number");
    if (key_ == "bytes")
      members_.bytes = number;
    else if (key_ == "mode")
      members_.mode_number = number;
    else
      return other("a number");
    return true;
  }

  bool string(string_t& text) override {
    if (!is_in_file()) return other("text or a number");
    if (auto* member = text_member())
      *member = std::move(text);
    else if (key_ == "bytes")
      return other("a string");
    return true;
  }

  bool key(string_t& name) override {
    key_ = std::move(name);
    return true;
  }

  bool start_object(std::size_t) override {
    if (++depth_ == kFileDepth && is_in_files_) members_ = {};
    return is_shallow();
  }

  bool end_object() override {
    if (depth_-- != kFileDepth || !is_in_files_) return true;
    return note(take_(std::move(members_)));
  }

  bool start_array(std::size_t) override {
    if (is_in_files_ && depth_ == kListDepth) return other("a list");
    if (++depth_ == kListDepth && key_ == "files") {
      if (has_files_) return note(invalid_manifest("the manifest has \"files\" twice"));
      is_in_files_ = has_files_ = true;
    }
    return is_shallow();
  }

  bool end_array() override {
    if (depth_-- == kListDepth) is_in_files_ = false;
    return true;
  }

  bool parse_error(std::size_t at, const std::string&, const Json::exception&) override {
    return note(invalid_manifest("the manifest is no JSON: see its byte " + std::to_string(at)));
  }

  Result<void> outcome() {
    if (error_) return std::move(*error_);
    if (!has_files_)
      return invalid_manifest(
          "the manifest has no list \"files\"; write one with okg-sidecar "
          "manifest FOLDER");
    return {};
  }

 private:
  // {"files":[{"path":…
  static constexpr std::size_t kListDepth = 2;
  static constexpr std::size_t kFileDepth = 3;

  [[nodiscard]] bool is_in_file() const { return is_in_files_ && depth_ == kFileDepth; }

  std::optional<std::string>* text_member() {
    if (key_ == "path") return &members_.path;
    if (key_ == "url") return &members_.url;
    if (key_ == "sha256") return &members_.sha256;
    return key_ == "mode" ? &members_.mode : nullptr;
  }

  /// A value that is none of those that are looked at.
  bool other(std::string_view what) {
    if (is_in_files_ && depth_ == kListDepth)
      return note(invalid_manifest("the manifest's \"files\" has an element that is no object"));
    if (!is_in_file() || (text_member() == nullptr && key_ != "bytes")) return true;
    return note(invalid_manifest("the manifest's \"" + visible(key_) + "\" cannot be " +
                                 std::string(what)));
  }

  bool is_shallow() {
    if (depth_ <= kMaxJsonDepth) return true;
    return note(invalid_manifest("the manifest nests too deep"));
  }

  bool note(Result<void> result) {
    if (result) return true;
    error_ = std::move(result).error();
    return false;
  }

  const TakeMembers& take_;
  std::size_t depth_ = 0;
  std::string key_;
  bool has_files_ = false;
  bool is_in_files_ = false;
  ManifestMembers members_;
  std::optional<Error> error_;
};

}  // namespace

Error invalid_manifest(std::string message) {
  return fail(ErrorCode::kRefused, Reason::kInvalidManifest, std::move(message));
}

Result<void> read_manifest_json(std::string_view text, const TakeMembers& take) {
  Events events(take);
  // The events' outcome says more about a mistake.
  (void)read_json_events<Json>(text, events);
  return events.outcome();
}

}  // namespace okg::content
