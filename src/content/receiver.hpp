// Writes the bytes of a source into staging: hashed,
// bounded, and as DownloadPlan judges them.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/digest/sha256.hpp"
#include "base/io/file.hpp"
#include "base/text/known_secrets.hpp"
#include "content/download_plan.hpp"
#include "content/download_settings.hpp"
#include "content/signature/blake2b.hpp"
#include "content/source.hpp"
#include "content/source_checksums.hpp"
#include "content/source_words.hpp"
#include "content/staged_file.hpp"

namespace okg::content {

/// Serves all attempts of one download. Keeps references to all it is given.
class Receiver : public http::ResponseSink {
 public:
  Receiver(const Source& source, DownloadPlan& plan, StagedFile& file,
           const DownloadSettings& settings, std::function<void()> on_bytes);

  Result<void> begin(const http::ResponseHead& head) override;
  Result<void> write(std::span<const std::byte> chunk) override;

  /// The result of the attempt whose transfer ended with `sent`.
  Result<void> outcome(const Result<http::ResponseHead>& sent);
  void forget_attempt();

  [[nodiscard]] bool keeps_live() const { return decision_->action == Action::kKeepLive; }
  /// How long the source asks to be left alone.
  [[nodiscard]] std::chrono::milliseconds retry_after() const;
  /// The digest of the content, once it is complete.
  [[nodiscard]] FileDigest digest() const { return {sha256_, plan_.bytes()}; }
  /// Hexadecimal; empty unless the source's signature is going to be verified.
  [[nodiscard]] std::string blake2b();

 private:
  [[nodiscard]] bool is_refused() const;
  Result<void> begin_whole(const http::ResponseHead& head);
  Result<void> begin_rest(const http::ResponseHead& head);
  [[nodiscard]] std::vector<AnnouncedChecksum> announced_by(const http::ResponseHead& head,
                                                            AnswerHas has) const;
  [[nodiscard]] Result<void> check_checksums();
  [[nodiscard]] Result<void> check_size() const;
  [[nodiscard]] Error too_large() const;
  [[nodiscard]] Error refusal() const;

  const Source& source_;
  DownloadPlan& plan_;
  StagedFile& file_;
  const DownloadSettings& settings_;
  std::function<void()> on_bytes_;
  Sha256Stream hash_;
  Sha256 sha256_;
  SourceChecksums checksums_;
  std::optional<signature::Blake2bStream> blake2b_;
  std::optional<Decision> decision_;  ///< of the answer of now, once it has begun
  int status_ = 0;                    ///< of that answer
  std::string elsewhere_;             ///< ", redirected to URL,": where that answer came from
  SourceWords words_;
  KnownSecrets secrets_;  ///< of what was asked for, and of where that led
};

}  // namespace okg::content
