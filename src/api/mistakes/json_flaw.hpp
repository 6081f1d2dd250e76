// What is wrong with a body that is no JSON, for whoever typed it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace okg::api {

/// "ends too early". `byte`, from 1, is the one beyond which a parser could not read.
[[nodiscard]] std::string flaw_of_json(std::string_view text, std::size_t byte);

}  // namespace okg::api
