// The keys that signatures are verified with, as their files have them now.
#pragma once

#include <filesystem>
#include <vector>

#include "base/error.hpp"
#include "base/setting.hpp"
#include "content/signature/minisign.hpp"

namespace okg::content::signature {

/// Errors: kInvalid and as errno says, naming the first file that
/// cannot be used: which keys count is not guessed.
Result<Setting<std::vector<PublicKey>>> read_keys(
    const Setting<std::vector<std::filesystem::path>>& paths);

}  // namespace okg::content::signature
