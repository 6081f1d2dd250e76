// Answers a request that was sent again with the same Idempotency-Key.
#pragma once

#include "api/update_request.hpp"
#include "http/server/router.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "plugins/hot_update/work/worker.hpp"

namespace okg::hot_update {

/// As the first one with the key was or will be answered; `on_end`
/// does so for who waits. False: no update that is known had the key.
bool answer_repetition(const Ledger& ledger, Worker& worker, const api::UpdateRequest& request,
                       const Job::OnEnd& on_end, const http::Respond& respond);

}  // namespace okg::hot_update
