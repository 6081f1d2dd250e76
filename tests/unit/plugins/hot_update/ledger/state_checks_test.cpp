#include "plugins/hot_update/ledger/state_checks.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>

namespace okg::hot_update {
namespace {

LiveContent live_file() {
  LiveContent file;
  file.entry = {"v1", "https://h/a", std::nullopt, results::Scope::kWorkload, Timestamp{}};
  return file;
}

/// One of everything that a journal tells of.
LedgerState state() {
  LedgerState state;
  state.live["maps/1"] = live_file();
  KeptContent kept{"maps", "7", live_file()};
  kept.below["maps/1"] = live_file();
  state.kept.push_back(kept);
  Outcome outcome;
  outcome.path = "maps/1";
  outcome.stages.push_back({});
  state.history.push_back(outcome);
  Target target{"maps", live_file(), OldContent::in_kept(kept)};
  target.from_kept = "8";
  target.swap = Swap{"9.1", {{"maps", 1}}};
  Target link{"maps/2", live_file(), OldContent::symlink("to")};
  state.intents.push_back({9, {target, link}});
  return state;
}

/// What is said of a state in which this is changed; empty: it is believed.
std::string refusal_of(const std::function<void(LedgerState&)>& change) {
  auto changed = state();
  change(changed);
  const auto ok = check_state(changed);
  return ok ? "" : ok.error().message;
}

LiveContent& live(LedgerState& state) { return state.live.at("maps/1"); }
Target& target(LedgerState& state, std::size_t which = 0) {
  return state.intents.front().targets.at(which);
}
Outcome& outcome(LedgerState& state) { return state.history.front(); }

TEST(CheckState, believes_what_this_program_writes) {
  EXPECT_EQ(refusal_of([](LedgerState&) {}), "");
}

TEST(CheckState, takes_no_path_that_leaves_the_shared_directory) {
  for (const std::string path : {"../a", "/a", "a/../b", ""}) {
    EXPECT_NE(refusal_of([&](auto& s) { s.live[path] = live_file(); }), "") << path;
    EXPECT_NE(refusal_of([&](auto& s) { s.kept.front().path = path; }), "") << path;
    EXPECT_NE(refusal_of([&](auto& s) { target(s).path = path; }), "") << path;
  }
  EXPECT_NE(refusal_of([](auto& s) { outcome(s).path = "../a"; }), "");
  EXPECT_NE(refusal_of([](auto& s) { s.kept.front().below["other/1"] = live_file(); }), "");
  EXPECT_NE(refusal_of([](auto& s) { s.kept.front().below["maps/../../1"] = live_file(); }), "");
}

TEST(CheckState, takes_no_name_of_kept_content_that_is_no_number) {
  for (const std::string name : {"../7", "a", "", "07", "7.", "7/8", "18446744073709551615"}) {
    EXPECT_NE(refusal_of([&](auto& s) { s.kept.front().name = name; }), "") << name;
    EXPECT_NE(refusal_of([&](auto& s) { target(s).old.kept.name = name; }), "") << name;
    EXPECT_NE(refusal_of([&](auto& s) { target(s).from_kept = name; }), "") << name;
    EXPECT_NE(refusal_of([&](auto& s) { target(s).swap->container = name; }), "") << name;
  }
  EXPECT_NE(refusal_of([](auto& s) { live(s).index = "../7"; }), "");
}

TEST(CheckState, takes_no_name_to_exchange_that_leads_on) {
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("a/b"),
        std::string("a\0b", 3), std::string(256, 'a')})
    EXPECT_NE(refusal_of([&](auto& s) { target(s).swap->names.front().name = name; }), "") << name;
}

TEST(CheckState, takes_no_symlink_that_none_could_be) {
  EXPECT_NE(refusal_of([](auto& s) { target(s, 1).old.link = std::string(4096, 'a'); }), "");
  EXPECT_NE(refusal_of([](auto& s) { target(s, 1).old.link = std::string("a\0b", 3); }), "");
}

TEST(CheckState, takes_no_text_that_would_end_a_line_or_has_no_end) {
  for (const auto& text : {std::string("a\nb"), std::string("a\x7f"), std::string(8193, 'a')}) {
    EXPECT_NE(refusal_of([&](auto& s) { live(s).entry.version = text; }), "");
    EXPECT_NE(refusal_of([&](auto& s) { live(s).entry.url = text; }), "");
    EXPECT_NE(refusal_of([&](auto& s) { live(s).entry.until = text; }), "");
    EXPECT_NE(refusal_of([&](auto& s) { outcome(s).version = text; }), "");
    EXPECT_NE(refusal_of([&](auto& s) { outcome(s).url = text; }), "");
  }
  EXPECT_NE(refusal_of([](auto& s) { live(s).entry.signature = std::string(8193, 'a'); }), "");
  EXPECT_NE(refusal_of([](auto& s) { live(s).blake2b = std::string(8193, 'a'); }), "");
  EXPECT_NE(refusal_of([](auto& s) { outcome(s).sha256 = "none"; }), "");
}

TEST(CheckState, takes_no_number_beyond_what_is_ever_counted) {
  constexpr auto kMost = UINT64_MAX;
  const Timestamp never = Timestamp::max();
  const auto ages = std::chrono::hours(24) * 366 * 101;
  EXPECT_NE(refusal_of([](auto& s) { s.last_seq = kMost; }), "");
  EXPECT_NE(refusal_of([](auto& s) { s.recorded_seq = kMost; }), "");
  EXPECT_NE(refusal_of([](auto& s) { live(s).bytes = kMost; }), "");
  EXPECT_NE(refusal_of([&](auto& s) { s.kept.front().bytes = kMost; }), "");
  EXPECT_NE(refusal_of([](auto& s) { outcome(s).bytes = kMost; }), "");
  EXPECT_NE(refusal_of([&](auto& s) { live(s).entry.requested_at = never; }), "");
  EXPECT_NE(refusal_of([&](auto& s) { outcome(s).finished_at = never; }), "");
  EXPECT_NE(refusal_of([&](auto& s) { outcome(s).duration = ages; }), "");
  EXPECT_NE(refusal_of([](auto& s) { outcome(s).duration = std::chrono::milliseconds(-1); }), "");
  EXPECT_NE(refusal_of([&](auto& s) { outcome(s).stages.front().duration = ages; }), "");
}

TEST(CheckState, takes_no_update_of_no_path) {
  EXPECT_NE(refusal_of([](auto& s) { s.intents.front().targets.clear(); }), "");
}

}  // namespace
}  // namespace okg::hot_update
