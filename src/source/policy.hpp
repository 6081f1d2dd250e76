// Decides which sources are allowed: every URL, whoever sends it,
// and every address that a download connects to.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "http/client/url.hpp"
#include "source/address_rules.hpp"
#include "source/credentials.hpp"
#include "source/source_settings.hpp"
#include "source/url_prefix.hpp"

namespace okg::source {

/// Safe for threads.
class Policy {
 public:
  explicit Policy(const SourceSettings& settings);

  /// The URL as it is fetched and recorded; of an object
  /// ("s3://bucket/key"), where the store has it. Waits for
  /// nothing. Errors: kInvalid; with SourceNotAllowed
  /// where the configuration is what refuses it.
  [[nodiscard]] Result<http::Url> check(std::string_view url) const;
  [[nodiscard]] Result<void> check(const http::Url& url) const;
  /// The URL of kept content, as recorded: nothing
  /// connects to it any more. Errors: as above.
  [[nodiscard]] Result<void> check_kept(std::string_view url) const;
  /// "s3://bucket/key" as it is recorded; any other text as it is.
  [[nodiscard]] std::string url_as_recorded(const std::string& url) const;
  [[nodiscard]] const Credentials& credentials() const { return credentials_; }
  [[nodiscard]] const AddressRules& addresses() const { return addresses_; }

 private:
  [[nodiscard]] Result<http::Url> parse(std::string_view url) const;
  [[nodiscard]] Result<void> check_prefix(const http::Url& url) const;

  Setting<std::vector<UrlPrefix>> allowed_sources_;
  Setting<bool> require_https_;
  std::optional<ObjectStore> object_store_;
  Credentials credentials_;
  AddressRules addresses_;
};

}  // namespace okg::source
