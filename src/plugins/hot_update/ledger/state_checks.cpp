#include "plugins/hot_update/ledger/state_checks.hpp"

#include <algorithm>
#include <climits>
#include <cstdint>
#include <string>

#include "api/checks.hpp"
#include "base/length_limits.hpp"
#include "base/text.hpp"

namespace okg::hot_update {
namespace {

constexpr std::uint64_t kMaxSeq = std::uint64_t{1} << 53U;  // of updates, one every microsecond
constexpr std::uint64_t kMaxBytes = INT64_MAX;              // off_t
constexpr std::size_t kMaxKeptNameBytes = 40;
constexpr std::chrono::microseconds kMaxTime{std::chrono::hours(24) * 366 * 8000};  // from 1970
constexpr std::chrono::milliseconds kMaxDuration{std::chrono::hours(24) * 366 * 100};

Error no_work_of_ours(const std::string& what) {
  return fail(ErrorCode::kInvalid, what, " is none that this program writes");
}

Result<void> check_seq(std::uint64_t seq) {
  if (seq <= kMaxSeq) return {};
  return no_work_of_ours("the number " + std::to_string(seq));
}

Result<void> check_bytes(std::uint64_t bytes) {
  if (bytes <= kMaxBytes) return {};
  return no_work_of_ours("a size of " + std::to_string(bytes) + " bytes");
}

Result<void> check_time(Timestamp time) {
  if (time.time_since_epoch() <= kMaxTime && time.time_since_epoch() >= -kMaxTime) return {};
  return no_work_of_ours("a time of " + std::to_string(time.time_since_epoch().count()));
}

Result<void> check_text(const char* what, std::string_view text) {
  if (is_short_text(text)) return {};
  return no_work_of_ours(std::string(what) + " with control characters, or of more than " +
                         std::to_string(kMaxUrlBytes) + " bytes,");
}

Result<void> check_path(const std::string& path) {
  if (path == results::kWholeDirectory) return {};
  if (auto ok = api::check_path(path); !ok) return ok.error();
  return {};
}

Result<void> check_kept_name(const std::string& name) {
  if (is_kept_name(name)) return {};
  return no_work_of_ours("the name '" + name.substr(0, kMaxKeptNameBytes) + "' of kept content");
}

/// The first of them that failed.
template <class... Checks>
Result<void> all_of(Checks... checks) {
  Result<void> ok;
  (void)((ok = checks(), ok.has_value()) && ...);
  return ok;
}

template <class List, class Check>
Result<void> each_of(const List& list, Check check) {
  for (const auto& each : list)
    if (auto ok = check(each); !ok) return ok;
  return {};
}

/// Whose signature it is, and of what, is checked when it is used.
Result<void> check_signature(const LiveContent& file) {
  const bool is_short =
      file.entry.signature.size() <= kMaxUrlBytes && file.blake2b.size() <= kMaxUrlBytes;
  return is_short ? Result<void>() : no_work_of_ours("such a signature");
}

Result<void> check_live(const LiveContent& file) {
  return all_of(
      [&] { return check_text("a version", file.entry.version); },
      [&] { return check_signature(file); }, [&] { return check_text("a URL", file.entry.url); },
      [&] { return check_text("an until", file.entry.until); },
      [&] { return check_time(file.entry.requested_at); }, [&] { return check_bytes(file.bytes); },
      [&] { return file.index.empty() ? Result<void>() : check_kept_name(file.index); });
}

Result<void> check_below(const std::string& path, const LiveContent& file,
                         const KeptContent& kept) {
  if (!results::is_in_tree(path, kept.path)) return no_work_of_ours("such a path below a folder");
  return all_of([&] { return check_path(path); }, [&] { return check_live(file); });
}

Result<void> check_kept(const KeptContent& kept) {
  return all_of([&] { return check_kept_name(kept.name); }, [&] { return check_path(kept.path); },
                [&] { return check_bytes(kept.bytes.value_or(0)); },
                [&] { return kept.was ? check_live(*kept.was) : Result<void>(); },
                [&] {
                  return each_of(kept.below, [&](const auto& each) {
                    return check_below(each.first, each.second, kept);
                  });
                });
}

Result<void> check_link(const std::string& link) {
  if (link.size() < PATH_MAX && link.find('\0') == std::string::npos) return {};
  return no_work_of_ours("such a symlink");
}

/// In the folder that the path is in: never a path of its own.
Result<void> check_swap_name(const SwapName& swap) {
  const auto& name = swap.name;
  const bool leads_on = name.empty() || name == "." || name == ".." || name.size() > NAME_MAX ||
                        name.find('/') != std::string::npos || name.find('\0') != std::string::npos;
  return leads_on ? no_work_of_ours("such a name to exchange") : Result<void>();
}

Result<void> check_swap(const Swap& swap) {
  return all_of([&] { return check_kept_name(swap.container); },
                [&] { return each_of(swap.names, check_swap_name); });
}

Result<void> check_target(const Target& target) {
  const bool has_kept = target.old.kind == OldContent::Kind::kKept;
  return all_of(
      [&] { return check_path(target.path); }, [&] { return check_live(target.next); },
      [&] { return check_link(target.old.link); },
      [&] { return has_kept ? check_kept(target.old.kept) : Result<void>(); },
      [&] { return target.swap ? check_swap(*target.swap) : Result<void>(); },
      [&] { return target.from_kept ? check_kept_name(*target.from_kept) : Result<void>(); });
}

Result<void> check_moment(const Moment& moment) {
  return all_of([&] { return check_time(moment.wall); },
                [&] { return check_time(Timestamp(moment.boot.time_since_epoch())); },
                [&] { return check_text("a boot", moment.boot_id); });
}

Result<void> check_intent(const Intent& intent) {
  if (intent.targets.empty()) return no_work_of_ours("an update of no path");
  return all_of([&] { return each_of(intent.targets, check_target); },
                [&] { return intent.at ? check_moment(*intent.at) : Result<void>(); });
}

Result<void> check_duration(std::chrono::milliseconds duration) {
  if (duration.count() >= 0 && duration <= kMaxDuration) return {};
  return no_work_of_ours("a duration of " + std::to_string(duration.count()) + " ms");
}

Result<void> check_sha256(const std::string& hex) {
  if (hex.empty() || Sha256::parse(hex)) return {};
  return no_work_of_ours("such a checksum");
}

Result<void> check_outcome(const Outcome& outcome) {
  return all_of(
      // A rollback that finds nothing kept has no path.
      [&] { return outcome.path.empty() ? Result<void>() : check_path(outcome.path); },
      [&] { return check_text("a version", outcome.version); },
      [&] { return check_text("a URL", outcome.url); },
      [&] { return check_sha256(outcome.sha256); }, [&] { return check_bytes(outcome.bytes); },
      [&] { return check_time(outcome.requested_at); },
      [&] { return check_time(outcome.finished_at); },
      [&] { return check_duration(outcome.duration); },
      [&] {
        return each_of(outcome.stages,
                       [](const StageTime& stage) { return check_duration(stage.duration); });
      });
}

}  // namespace

bool is_short_text(std::string_view text) {
  return text.size() <= kMaxUrlBytes && std::ranges::none_of(text, is_control);
}

bool is_kept_name(std::string_view name) {
  const auto dot = name.find('.');
  const auto is_number = [](std::string_view digits) {
    const auto number = parse_whole<std::uint64_t>(digits);
    return number && *number <= kMaxSeq && std::to_string(*number) == digits;
  };
  if (dot == std::string_view::npos) return is_number(name);
  return is_number(name.substr(0, dot)) && is_number(name.substr(dot + 1));
}

Result<void> check_state(const LedgerState& state) {
  return all_of([&] { return check_seq(state.last_seq); },
                [&] { return check_seq(state.recorded_seq); },
                [&] {
                  return each_of(state.live, [](const auto& live) {
                    return all_of([&] { return check_path(live.first); },
                                  [&] { return check_live(live.second); });
                  });
                },
                [&] { return each_of(state.kept, check_kept); },
                [&] { return each_of(state.started, check_outcome); },
                [&] { return each_of(state.intents, check_intent); },
                [&] { return each_of(state.history, check_outcome); });
}

}  // namespace okg::hot_update
