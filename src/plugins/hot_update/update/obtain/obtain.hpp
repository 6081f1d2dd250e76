// How the content of an update comes into staging, and what proves that it may go live:
// from its source, or from kept content; a file, or the tree of an archive or a manifest.
#pragma once

#include <optional>
#include <stop_token>

#include "api/update_request.hpp"
#include "base/error.hpp"
#include "content/staged_content.hpp"
#include "plugins/hot_update/publish/publisher.hpp"
#include "plugins/hot_update/update/obtain/signatures.hpp"
#include "plugins/hot_update/update/run/parts.hpp"
#include "plugins/hot_update/update/run/planned_update.hpp"
#include "plugins/hot_update/update/run/update_run.hpp"

namespace okg::hot_update {

/// Thread-compatible: all calls from the worker's thread.
class Obtainer {
 public:
  /// `parts` outlive it.
  explicit Obtainer(const Parts& parts) : parts_(parts), signatures_(parts) {}

  /// The content in staging, verified; nothing when it is live
  /// already. The request then has the signature of it.
  Result<std::optional<NextContent>> obtain(PlannedUpdate& planned, UpdateRun& run,
                                            const std::stop_token& stop);

 private:
  /// Whether the path can be published, before the first byte is downloaded.
  [[nodiscard]] Result<void> check_target(const PlannedUpdate& planned, bool is_tree) const;
  /// The content that was live before, when it is what is asked for, and still is.
  [[nodiscard]] std::optional<LiveContent> find_live(
      const api::UpdateRequest& request, const std::optional<LiveContent>& before) const;
  Result<std::optional<NextContent>> obtain_from_source(const api::UpdateRequest& request,
                                                        const std::optional<LiveContent>& before,
                                                        UpdateRun& run,
                                                        const std::stop_token& stop);
  Result<NextContent> obtain_kept(const PlannedUpdate& planned, UpdateRun& run) const;
  Result<StagedTree> make_tree(content::StagedContent content, const api::UpdateRequest& request,
                               const UpdateRun& run, const std::stop_token& stop) const;
  /// The tree of an archive or a manifest.
  Result<NextContent> unpack(content::StagedContent content, const api::UpdateRequest& request,
                             UpdateRun& run, const std::stop_token& stop) const;
  Result<std::optional<content::StagedContent>> download(const api::UpdateRequest& request,
                                                         const std::optional<LiveContent>& live,
                                                         UpdateRun& run,
                                                         const std::stop_token& stop);

  const Parts& parts_;
  Signatures signatures_;
};

}  // namespace okg::hot_update
