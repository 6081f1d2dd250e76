#include "results/entry.hpp"

#include "base/text/words.hpp"

namespace okg::results {
namespace {

constexpr Word<Scope> kScopes[]{{Scope::kWorkload, "workload"}, {Scope::kPod, "pod"}};

}  // namespace

std::string_view to_string(Scope scope) { return word_of(scope, kScopes); }

Result<Scope> parse_scope(std::string_view text) {
  if (const auto scope = value_of(text, kScopes)) return *scope;
  return fail(ErrorCode::kInvalid, "scope is \"", text, "\" but has to be workload or pod");
}

bool is_in_tree(const std::string& path, const std::string& tree) {
  if (path == tree) return false;
  return tree == kWholeDirectory || path.starts_with(tree + "/");
}

}  // namespace okg::results
