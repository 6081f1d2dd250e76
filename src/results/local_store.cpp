#include "results/local_store.hpp"

#include "files/replace.hpp"
#include "results/record_json.hpp"

namespace okg::results {

Result<void> LocalStore::write(const Record& record, std::stop_token) {
  const auto text = format_pod_entry({record.last, {}, record.files}) + "\n";
  // Closed before it is renamed.
  if (auto file = files::write_beside(folder_, kFile, text, files::Sync::kNo); !file)
    return file.error().because(Reason::kDiskError);
  auto ok = files::put_in_place(folder_, kFile);
  if (!ok) return ok.error().because(Reason::kDiskError);
  return ok;
}

Result<Wanted> LocalStore::read(std::stop_token) {
  const auto text = folder_.read(kFile, kMaxEntryBytes);
  if (!text && text.error().code == ErrorCode::kNotFound) return Wanted{};
  const bool is_unusable = !text && (text.error().code == ErrorCode::kRefused ||
                                     text.error().code == ErrorCode::kInvalid);
  if (!text && !is_unusable) return text.error().because(Reason::kDiskError);
  auto entry = text ? parse_pod_entry(*text) : text.error();
  if (!entry) {
    Wanted wanted;
    ignore(wanted.ignored, "", entry.error().in(folder_.path_of(kFile)));
    return wanted;
  }
  return Wanted{std::move(entry->files), {}, std::move(entry->ignored)};
}

Result<std::set<std::string>> LocalStore::forget(const std::optional<std::string>&,
                                                 std::stop_token) {
  return fail(
      ErrorCode::kInvalid, Reason::kNothingToForget,
      "there is no latest to forget: results are kept on this pod alone, which only knows its "
      "own content; a rollback puts older content back");
}

}  // namespace okg::results
