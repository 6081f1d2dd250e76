#include "api/process_list.hpp"

#include <nlohmann/json.hpp>

#include "api/json_reader.hpp"
#include "base/json.hpp"
#include "base/text/words.hpp"

namespace okg::api {
namespace {

constexpr Word<SignalHandling> kHandlings[]{{SignalHandling::kCaught, "caught"},
                                            {SignalHandling::kIgnored, "ignored"},
                                            {SignalHandling::kBlocked, "blocked"},
                                            {SignalHandling::kNo, "no"}};

Json text_or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }

template <class Number>
Json number_or_null(const std::optional<Number>& number) {
  return number ? Json(*number) : Json();
}

template <class Number>
std::optional<Number> number_of(const Json& object, const char* key) {
  if (!member_of(object, key).is_number()) return std::nullopt;
  return static_cast<Number>(count_of(object, key));
}

Json to_json(const ListedProcess& process) {
  return {{"pid", process.pid},
          {"name", process.name},
          {"commandLine", process.command_line},
          {"user", number_or_null(process.user)},
          {"container", text_or_null(process.container)},
          {"handlesSignal", text_or_null(to_string(process.handling))},
          {"rank", number_or_null(process.rank)},
          {"chosen", process.chosen},
          {"reason", process.reason}};
}

ListedProcess process_from(const Json& json) {
  return {static_cast<pid_t>(count_of(json, "pid")),
          text_of(json, "name"),
          text_of(json, "commandLine"),
          number_of<uid_t>(json, "user"),
          text_of(json, "container"),
          value_of(text_of(json, "handlesSignal"), kHandlings).value_or(SignalHandling::kNotSent),
          number_of<int>(json, "rank"),
          flag_of(json, "chosen"),
          text_of(json, "reason")};
}

}  // namespace

std::string_view to_string(SignalHandling handling) { return word_of(handling, kHandlings); }

Json to_json(const ProcessList& list) {
  return array_of(list, [](const ListedProcess& each) { return to_json(each); });
}

Result<ProcessList> processes_from_json(const Json& json) {
  if (!json.is_array()) return fail(ErrorCode::kInvalid, "the processes are not a JSON array");
  ProcessList list;
  for (const auto& each : json) list.push_back(process_from(each));
  return list;
}

}  // namespace okg::api
