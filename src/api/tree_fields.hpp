// The fields of an update of a whole folder.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "api/fields/field.hpp"
#include "base/error.hpp"
#include "results/tree_entry.hpp"

namespace okg::api {

/// What only updates of folders take.
inline constexpr std::array<std::string_view, 5> kTreeFields{"mode", "stripComponents", "include",
                                                             "exclude", "nameEncoding"};

/// `format` and kTreeFields; globs are separated by commas. Nothing for
/// format=file, and without a format. Errors: kInvalid, naming the field.
Result<std::optional<results::TreeOptions>> parse_tree(const Fields& fields);

/// Of options that were stored. Errors: kInvalid, naming
/// the field that parse_tree() would not have taken.
Result<void> check_tree(const results::TreeOptions& options);

/// The folder that `path` names: "maps", or "." for the
/// whole shared directory, which is also what none stands
/// for. A slash at its end is dropped. Errors: kInvalid.
Result<std::string> tree_path(const Fields& fields);

/// What parse_tree() reads.
void add_tree(const results::TreeOptions& options, Fields& fields);

}  // namespace okg::api
