// Signatures of updates: where each comes from, and whether its content may go live.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "api/update_request.hpp"
#include "base/error.hpp"
#include "content/signature/check_signature.hpp"
#include "content/staged_content.hpp"
#include "plugins/hot_update/ledger/entries.hpp"
#include "plugins/hot_update/update/run/parts.hpp"

namespace okg::hot_update {

/// How a signature is fetched.
struct FetchAs {
  std::string staged;     ///< a free name in staging
  std::string update_id;  ///< for the log
};

/// Thread-compatible.
class Signatures {
 public:
  /// `parts` outlive it.
  explicit Signatures(const Parts& parts) : parts_(parts) {}

  [[nodiscard]] bool are_verified() const { return rules().verifies(); }

  /// The signature of the request, in the form that is stored: what was sent, what kept
  /// content came with, or what is beside the URL. Empty: there is none, and none is
  /// required. It is not verified yet.
  /// Errors: as content::download(); kRefused, it is none.
  Result<std::string> find(const api::UpdateRequest& request,
                           const std::optional<KeptContent>& kept, const FetchAs& as,
                           const std::stop_token& stop) const;

  // Whether content may go live as what the request says. Errors: those of
  // content::signature::check(), and what reading the content says.

  Result<void> check(const api::UpdateRequest& request, content::StagedContent& content) const;
  /// `blake2b` as in LiveContent.
  Result<void> check(const api::UpdateRequest& request, const std::string& blake2b) const;
  /// For kept content that is a tree, or a file that changes places with one.
  Result<void> check(const api::UpdateRequest& request, const KeptContent& kept) const;
  /// For the content that is live at the path.
  Result<void> check_live(const api::UpdateRequest& request) const;

 private:
  [[nodiscard]] const content::signature::Settings& rules() const {
    return parts_.settings.content.signature;
  }
  Result<std::string> fetch(const std::string& url, const FetchAs& as,
                            const std::stop_token& stop) const;

  const Parts& parts_;
};

}  // namespace okg::hot_update
