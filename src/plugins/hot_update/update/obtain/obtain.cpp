#include "plugins/hot_update/update/obtain/obtain.hpp"

#include <utility>
#include <variant>

#include "plugins/hot_update/update/obtain/is_live.hpp"
#include "plugins/hot_update/update/obtain/update_warnings.hpp"

namespace okg::hot_update {
namespace {

/// Whether the request asks for the very thing that is
/// live, as far as can be told before its content is there.
bool asks_for(const api::UpdateRequest& request, const LiveContent& live) {
  const auto options = live.entry.tree ? std::optional(live.entry.tree->options) : std::nullopt;
  return live.entry.version == request.version && live.entry.url == request.url &&
         options == request.tree;
}

/// With the setting that lets such content pass.
Error with_cure(const Error& error) {
  if (error.reason != Reason::kEmptyContent) return error;
  return error.advise("set download.allowEmpty when that is meant");
}

/// Files that updates put into a tree before the request are to go.
results::Entry as_asked_for_now(const LiveContent& live, const api::UpdateRequest& request) {
  auto entry = live.entry;
  entry.requested_at = request.requested_at;
  return entry;
}

/// Whether what was obtained is what is live.
bool is_same(const std::optional<LiveContent>& live, const Outcome& obtained) {
  return live && live->entry.sha256 && live->entry.sha256->hex() == obtained.sha256;
}

}  // namespace

Result<NextContent> Obtainer::obtain_kept(const PlannedUpdate& planned, UpdateRun& run) const {
  const auto& kept = *planned.kept;
  if (!planned.request.url.empty())
    if (auto ok = parts_.check_kept(planned.request.url); !ok) return ok.error();
  if (parts_.publisher.needs_swap(kept)) {
    if (kept.was) note_content(run.outcome, *kept.was);
    if (auto ok = signatures_.check(planned.request, kept); !ok) return ok.error();
    return NextContent(kept);
  }
  auto staged =
      parts_.publisher.take_kept(kept, planned.request.sha256, kept_name(run.outcome.seq));
  if (!staged) return staged.error();
  run.outcome.sha256 = staged->sha256().hex();
  run.outcome.bytes = staged->bytes();
  if (auto ok = signatures_.check(planned.request, *staged); !ok) return ok.error();
  return NextContent(std::move(*staged));
}

Result<StagedTree> Obtainer::make_tree(content::StagedContent content,
                                       const api::UpdateRequest& request, const UpdateRun& run,
                                       const std::stop_token& stop) const {
  const auto live = parts_.ledger.state()->live_at(request.path);
  const auto& staged = parts_.publisher.trees().staged();
  const TreeWanted wanted{request.path, *request.tree, live, kept_name(run.outcome.seq)};
  if (request.tree->format == results::TreeFormat::kArchive)
    return staged.unpack(std::move(content), wanted, stop, parts_.hooks.on_unpacked);
  return staged.assemble(
      std::move(content), wanted,
      [&](const std::vector<content::ManifestFile>& files, const content::TakeFile& take) {
        return parts_.fetch_manifest({files,
                                      request.url,
                                      {parts_.state.staging(), wanted.name},
                                      request.force,
                                      parts_.settings.archive.max_bytes,
                                      run.outcome.id},
                                     take, stop);
      });
}

Result<NextContent> Obtainer::unpack(content::StagedContent content,
                                     const api::UpdateRequest& request, UpdateRun& run,
                                     const std::stop_token& stop) const {
  auto tree = make_tree(std::move(content), request, run, stop);
  if (!tree) return tree.error();
  if (request.tree->format == results::TreeFormat::kManifest) run.enter(Stage::kVerify);
  run.outcome.files = tree->index().files();
  run.outcome.bytes = tree->index().bytes();
  return NextContent(std::move(*tree));
}

Result<void> Obtainer::check_target(const PlannedUpdate& planned, bool is_tree) const {
  const auto& request = planned.request;
  const auto checked =
      is_tree ? parts_.publisher.check_tree(request.path) : parts_.publisher.check(request.path);
  if (!checked) return checked.error().because(Reason::kDiskError);
  // An overlay of the shared directory itself moves only what it brings.
  const bool moves_part = request.tree && request.path == results::kWholeDirectory &&
                          request.tree->mode == results::TreeMode::kOverlay;
  return is_tree && !moves_part ? parts_.game.check_mounts(request.path) : Result<void>();
}

std::optional<LiveContent> Obtainer::find_live(const api::UpdateRequest& request,
                                               const std::optional<LiveContent>& before) const {
  if (!before || !asks_for(request, *before)) return std::nullopt;
  if (!is_live(parts_, request.path, as_asked_for_now(*before, request))) return std::nullopt;
  return before;
}

Result<std::optional<NextContent>> Obtainer::obtain(PlannedUpdate& planned, UpdateRun& run,
                                                    const std::stop_token& stop) {
  auto& request = planned.request;
  auto& outcome = run.outcome;
  run.enter(Stage::kFetch);
  const bool is_tree = request.tree || (planned.kept && parts_.publisher.needs_swap(*planned.kept));
  if (!request.signature.empty() && !signatures_.are_verified())
    warn_of_unverified_signature(outcome);
  if (auto ok = check_target(planned, is_tree); !ok) return ok.error();
  auto signature =
      signatures_.find(request, planned.kept, {kept_name(outcome.seq), outcome.id}, stop);
  if (!signature) return signature.error().because(Reason::kSourceError);
  request.signature = std::move(*signature);
  const auto before = parts_.ledger.state()->live_at(request.path);
  if (!planned.kept) return obtain_from_source(request, before, run, stop);
  // A tree that is kept is exchanged with whatever is live: looking
  // at all files of that would take as long as they are many.
  const auto live = is_tree ? std::optional<LiveContent>() : find_live(request, before);
  auto kept = obtain_kept(planned, run);
  if (!kept) return kept.error().because(Reason::kDiskError);
  if (!is_same(live, outcome)) return std::optional<NextContent>(std::move(*kept));
  note_content(outcome, *live);
  return std::optional<NextContent>();
}

Result<std::optional<NextContent>> Obtainer::obtain_from_source(
    const api::UpdateRequest& request, const std::optional<LiveContent>& before, UpdateRun& run,
    const std::stop_token& stop) {
  auto& outcome = run.outcome;
  const auto live = find_live(request, before);
  auto content = download(request, live, run, stop);
  if (!content) return content.error();
  if (!*content) return std::optional<NextContent>();
  if (is_same(live, outcome)) {
    note_content(outcome, *live);
    return std::optional<NextContent>();
  }
  if (before && is_unchanged(outcome, *before) && is_live(parts_, request.path, before->entry))
    warn_of_unchanged_content(outcome, *before);
  if (!request.tree) return std::optional<NextContent>(std::move(**content));
  auto tree = unpack(std::move(**content), request, run, stop);
  if (!tree) return tree.error().because(Reason::kDiskError);
  return std::optional<NextContent>(std::move(*tree));
}

Result<std::optional<content::StagedContent>> Obtainer::download(
    const api::UpdateRequest& request, const std::optional<LiveContent>& live, UpdateRun& run,
    const std::stop_token& stop) {
  auto& outcome = run.outcome;
  content::Source source{request.url, {}, request.force, request.sha256};
  const bool is_as_asked_for = live && (!request.sha256 || live->entry.sha256 == request.sha256);
  source.update_id = outcome.id;
  source.with_blake2b = signatures_.are_verified();
  // A signature is checked against a digest: without it, the content has to come again.
  const bool is_known = !source.with_blake2b || (live && !live->blake2b.empty());
  if (is_as_asked_for && is_known) source.live = {live->etag, live->last_modified};
  auto fetched = parts_.download(source, {parts_.state.staging(), kept_name(outcome.seq)}, stop);
  if (!fetched) return fetched.error().because(Reason::kSourceError);
  if (std::holds_alternative<content::NotModified>(*fetched)) {
    note_content(outcome, *live);
    if (auto ok = signatures_.check(request, live->blake2b); !ok) return ok.error();
    return std::optional<content::StagedContent>();
  }
  auto& downloaded = std::get<content::DownloadedFile>(*fetched);
  outcome.sha256 = downloaded.digest.sha256.hex();
  outcome.bytes = downloaded.digest.bytes;
  for (auto& warning : downloaded.warnings) outcome.warnings.push_back(std::move(warning));
  auto verified = content::StagedContent::verify(std::move(downloaded), request.url, request.sha256,
                                                 parts_.settings.download);
  const auto is_signed = verified ? signatures_.check(request, *verified) : Result<void>();
  // The files of a manifest are still to be fetched.
  const bool is_list = request.tree && request.tree->format == results::TreeFormat::kManifest;
  if (!is_list || !verified || !is_signed) run.enter(Stage::kVerify);
  if (!verified) return with_cure(verified.error());
  if (!is_signed) return is_signed.error();
  return std::optional(std::move(*verified));
}

}  // namespace okg::hot_update
