#include "plugins/hot_update/ledger/outcome.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

TEST(OutcomeKindWord, is_read_back_as_it_was_written) {
  for (const auto kind : {OutcomeKind::kSucceeded, OutcomeKind::kUnchanged, OutcomeKind::kFailed,
                          OutcomeKind::kRolledBack, OutcomeKind::kCancelled})
    EXPECT_EQ(parse_outcome_kind(to_string(kind)), kind) << to_string(kind);
}

TEST(OutcomeKindWord, is_none_of_another_release) {
  for (const auto* word : {"", "succeeded", "Accepted"})
    EXPECT_FALSE(parse_outcome_kind(word)) << word;
}

}  // namespace
}  // namespace okg::hot_update
