// An answer with all that an answer has, for tests of those that read and write it.
#pragma once

#include <chrono>

#include "api/update_answer.hpp"

namespace okg::api {

inline UpdateAnswer failed_answer() {
  return {"id-2",
          "v2",
          UpdateResult::kFailed,
          "fetch",
          "SourceNotFound",
          "404",
          "maps/1.json",
          "https://h/1.json",
          "",
          7,
          {},
          {},
          false,
          "the API server is away",
          "ApiUnreachable",
          std::chrono::milliseconds(12),
          {}};
}

}  // namespace okg::api
