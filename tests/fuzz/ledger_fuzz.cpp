// The journal: a damaged file is cut at its last whole line, and lines that replay can be written
// and replayed again.
#include "plugins/hot_update/ledger/ledger.hpp"

#include "base/log.hpp"
#include "fuzz.hpp"
#include "plugins/hot_update/ledger/journal.hpp"

namespace okg::hot_update {
namespace {

using fuzz::require;

const fuzz::ScratchFolder& folder() {
  static const fuzz::ScratchFolder scratch;
  return scratch;
}

const files::Folder& opened_folder() {
  static const auto opened = files::Folder::open(folder().path()).value();
  return opened;
}

/// The input is the file, byte by byte.
void check_damaged(std::string_view text) {
  folder().write("journal", text);
  const auto opened = Journal::open(opened_folder(), "journal");
  require(opened.has_value(), "a journal opens, whatever it holds");
  require(opened->dropped_bytes + opened->journal.size_bytes() == text.size(),
          "what is no whole line is cut off");
  const auto again = Journal::open(opened_folder(), "journal");
  require(again && again->dropped_bytes == 0 && again->lines == opened->lines,
          "the second start finds the same lines, all whole");
}

/// The input is what stands in the lines, one each; their checksums are right.
void check_lines(std::string_view text) {
  folder().write("journal", "");
  {
    auto opened = Journal::open(opened_folder(), "journal").value();
    while (!text.empty())
      require(opened.journal.append(fuzz::take_until(text, '\n'), Journal::Sync::kNo).has_value(),
              "a line is appended");
  }
  auto ledger = Ledger::open(opened_folder());
  require(ledger.has_value(), "a ledger opens, whatever the journal holds");
  const auto before = (*ledger)->state();
  for (const auto& each : before->intents)
    require((*ledger)->note_intent(each).has_value(), "what was replayed can be written");
  (*ledger)->mark_recorded((*ledger)->next_seq());
  auto again = Ledger::open(opened_folder());
  require(again.has_value(), "what was written can be replayed");
  const auto after = (*again)->state();
  require(after->live == before->live && after->kept == before->kept, "and says the same");
  require(after->intents.size() == 2 * before->intents.size(),
          "and names everything that is in progress");
  for (const auto* name : {"journal.unreadable", "journal.unreadable.1", "journal.unreadable.2"})
    std::filesystem::remove(folder().path() / name);
}

}  // namespace
}  // namespace okg::hot_update

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  okg::log::configure(okg::log::Format::kText, okg::log::Level::kError);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = okg::fuzz::text_of(data, size);
  if (text.empty()) return 0;
  const bool lines = text.front() == 'L';
  text.remove_prefix(1);
  if (lines)
    okg::hot_update::check_lines(text);
  else
    okg::hot_update::check_damaged(text);
  return 0;
}
