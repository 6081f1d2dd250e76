#include "plugins/hot_update/ledger/stage.hpp"

#include "base/text/words.hpp"

namespace okg::hot_update {
namespace {

constexpr Word<Stage> kStages[]{
    {Stage::kRequest, "request"}, {Stage::kFetch, "fetch"},     {Stage::kVerify, "verify"},
    {Stage::kPublish, "publish"}, {Stage::kTrigger, "trigger"}, {Stage::kConfirm, "confirm"},
    {Stage::kRecord, "record"},
};

}  // namespace

std::string_view to_string(Stage stage) { return word_of(stage, kStages); }

std::optional<Stage> parse_stage(std::string_view word) { return value_of(word, kStages); }

}  // namespace okg::hot_update
