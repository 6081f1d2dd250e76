#include "results/file_entry.hpp"

namespace okg::results {

std::string_view to_string(Scope scope) { return scope == Scope::kPod ? "pod" : "workload"; }

Result<Scope> parse_scope(std::string_view text) {
  if (text == "workload") return Scope::kWorkload;
  if (text == "pod") return Scope::kPod;
  return fail(ErrorCode::kInvalid,
              "scope is \"" + std::string(text) + "\" but has to be workload or pod");
}

bool is_in_tree(const std::string& path, const std::string& tree) {
  if (path == tree) return false;
  return tree == kWholeDirectory || path.starts_with(tree + "/");
}

}  // namespace okg::results
