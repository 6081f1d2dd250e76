// What a shell, nohup or a CI runner hands down to the tests, and nothing of which they depend on.
#pragma once

namespace okg {

/// Gives this process the default signal dispositions, an empty signal mask, umask 022, UTC, the C
/// locale, no proxies, and an empty standard input. Call it before any thread starts.
void drop_what_was_inherited();

}  // namespace okg
