// Content that is probably not what its path says: an archive that is stored as
// it is, or an error page that a source sent with 200. The update succeeds, and warns.
#pragma once

#include "plugins/hot_update/ledger/outcome.hpp"

namespace okg::hot_update {

/// An archive, by its path or its URL, that is published as the file that it is.
void warn_if_named_as_archive(Outcome& outcome);
/// One by its bytes, under a name that says nothing of what it is.
void warn_if_archive(Outcome& outcome, int fd);

/// A login or error page, which was answered with 200
/// instead of the file; nobody asked for its checksum.
void warn_if_page(Outcome& outcome, int fd);

}  // namespace okg::hot_update
