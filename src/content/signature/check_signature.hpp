// Decides by its signature whether content may go live, for
// a download, a restore and a rollback alike.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/setting.hpp"

namespace okg::content::signature {

struct Settings {
  /// Read at each use, so that keys are exchanged without
  /// a restart. Empty: nothing is verified.
  Setting<std::vector<std::filesystem::path>> public_key_files;
  Setting<bool> required{true};  ///< false: content without a signature is taken
  std::string workload;          ///< what a trusted comment has to name; empty: none may be named
  [[nodiscard]] bool verifies() const { return !public_key_files.value.empty(); }
};

/// The facts that a signature is compared with.
struct Signed {
  std::string_view path;
  std::string_view version;
  /// BLAKE2b of the content, in hexadecimal digits; empty: nobody knows it any more.
  std::string_view blake2b;
};

/// `text` is a .minisig file, or what compact() made of one; empty where there
/// is none. Errors: kRefused with Reason::kSignatureInvalid; kInternal with that
/// reason when a key file cannot be read.
Result<void> check(const Settings& settings, std::string_view text, const Signed& content);

/// A .minisig file as it is stored: without the
/// untrusted comment. Errors: kRefused.
[[nodiscard]] Result<std::string> compact(std::string_view text);

/// Where the signature of a URL is: ".minisig" behind its path, before a query.
[[nodiscard]] std::string url_of_signature(std::string_view url);

}  // namespace okg::content::signature
