#include "plugins/hot_update/update/obtain/signatures.hpp"

#include <utility>
#include <variant>

#include "base/length_limits.hpp"
#include "base/text/secret.hpp"
#include "content/signature/blake2b.hpp"
#include "content/signature/minisign.hpp"

namespace okg::hot_update {
namespace {

namespace signature = content::signature;

/// The signature that kept content came with, where it was the same version.
std::string signature_of(const std::optional<KeptContent>& kept, const std::string& version) {
  const bool is_same = kept && kept->was && kept->was->entry.version == version;
  return is_same ? kept->was->entry.signature : std::string();
}

Error none_at(const std::string& url) {
  return fail(ErrorCode::kRefused, Reason::kSignatureInvalid, "there is no signature at ",
              redact_url(url),
              ", and signature.required is set; put it there, or send it in the field "
              "signature");
}

Error too_long(const std::string& url) {
  return fail(ErrorCode::kRefused, Reason::kSignatureInvalid, redact_url(url),
              " is no signature of minisign: it is longer than ", kMaxSignatureBytes >> 10U,
              " KiB");
}

}  // namespace

Result<std::string> Signatures::find(const api::UpdateRequest& request,
                                     const std::optional<KeptContent>& kept, const FetchAs& as,
                                     const std::stop_token& stop) const {
  if (!request.signature.empty()) return signature::compact(request.signature);
  auto known = signature_of(kept, request.version);
  if (!known.empty() || request.rollback || request.url.empty() || !are_verified()) return known;
  return fetch(signature::url_of_signature(request.url), as, stop);
}

Result<std::string> Signatures::fetch(const std::string& url, const FetchAs& as,
                                      const std::stop_token& stop) const {
  content::Source source{url};
  source.max_bytes = kMaxSignatureBytes;
  source.update_id = as.update_id;
  auto fetched = parts_.download(source, {parts_.state.staging(), as.staged}, stop);
  if (fetched && std::holds_alternative<content::DownloadedFile>(*fetched)) {
    const auto text = parts_.state.staging().read(as.staged, kMaxSignatureBytes);
    if (!text) return text.error().because(Reason::kDiskError);
    auto compact = signature::compact(*text);
    if (!compact) return compact.error().in(redact_url(url));
    return std::move(*compact);
  }
  if (fetched) return fail(ErrorCode::kUpstream, redact_url(url), " answers 304 to no condition");
  const auto& error = fetched.error();
  if (error.reason == Reason::kTooLarge) return too_long(url);
  if (error.reason != Reason::kSourceNotFound) return error.in("the signature");
  if (rules().required.value) return none_at(url);
  return std::string();
}

Result<void> Signatures::check(const api::UpdateRequest& request,
                               const std::string& blake2b) const {
  if (!are_verified()) return {};
  return signature::check(rules(), request.signature, {request.path, request.version, blake2b});
}

Result<void> Signatures::check(const api::UpdateRequest& request,
                               content::StagedContent& content) const {
  if (!are_verified()) return {};
  if (auto ok = content.find_blake2b(); !ok) return ok;
  return check(request, content.blake2b());
}

Result<void> Signatures::check(const api::UpdateRequest& request, const KeptContent& kept) const {
  if (!are_verified()) return {};
  const auto& trees = parts_.publisher.trees();
  if (kept.was && kept.was->entry.tree) {
    const auto is_whole = trees.is_kept_whole(kept);
    if (!is_whole) return is_whole.error();
    if (!*is_whole)
      return fail(ErrorCode::kRefused, Reason::kKeptContentChanged, "the kept folder of ",
                  kept.path,
                  " is not what was signed: somebody wrote to it; send an update from a source "
                  "instead");
    return check(request, kept.was->blake2b);
  }
  if (request.signature.empty()) return check(request, std::string());
  const auto file = trees.open_kept_file(kept);
  if (!file) return file.error();
  const auto digest = signature::blake2b_of(file->get(), kept.path);
  if (!digest) return digest.error();
  return check(request, signature::hex_of(*digest));
}

Result<void> Signatures::check_live(const api::UpdateRequest& request) const {
  if (!are_verified()) return {};
  if (!request.tree) {
    const auto digest = parts_.publisher.live_blake2b(request.path);
    return digest ? check(request, *digest) : Result<void>(digest.error());
  }
  const auto live = parts_.ledger.state()->live_at(request.path);
  return check(request, live ? live->blake2b : std::string());
}

}  // namespace okg::hot_update
