#include "plugins/hot_update/game/candidate_list.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/text.hpp"
#include "base/text/visible.hpp"
#include "process/title.hpp"

namespace okg::hot_update {
namespace {

using OrderedJson = nlohmann::ordered_json;
using process::Candidate;
using process::Disposition;

constexpr std::size_t kMaxShownLineBytes = 1024;
constexpr std::size_t kMaxTableLineBytes = 60;
constexpr std::size_t kMaxTableContainerBytes = 15;

const char* word_for(Disposition disposition) {
  switch (disposition) {
    case Disposition::kCaught: return "caught";
    case Disposition::kIgnored: return "ignored";
    case Disposition::kBlocked: return "blocked";
    case Disposition::kDefault: break;
  }
  return "no";
}

std::string container_of(const Candidate& candidate) {
  return candidate.details.container.empty() ? candidate.details.container_id
                                             : candidate.details.container;
}

std::string shown_line(const Candidate& candidate, std::size_t max_bytes) {
  return shortened(process::shown_title(candidate.process), max_bytes);
}

OrderedJson json_of(const Candidate& candidate, int signal) {
  const auto container = container_of(candidate);
  const auto& user = candidate.details.user;
  return {{"pid", candidate.process.pid},
          {"name", candidate.process.comm},
          {"commandLine", shown_line(candidate, kMaxShownLineBytes)},
          {"user", user ? OrderedJson(*user) : OrderedJson()},
          {"container", container.empty() ? OrderedJson() : OrderedJson(container)},
          {"handlesSignal", signal > 0
                                ? OrderedJson(word_for(disposition_of(candidate.details, signal)))
                                : OrderedJson()},
          {"rank", candidate.rank > 0 ? OrderedJson(candidate.rank) : OrderedJson()},
          {"chosen", candidate.chosen},
          {"reason", candidate.reason}};
}

using Row = std::array<std::string, 8>;

Row row_of(const Candidate& candidate, int signal) {
  const auto or_dash = [](const std::string& text) { return text.empty() ? "-" : text; };
  const auto& user = candidate.details.user;
  return {std::to_string(candidate.process.pid),
          user ? std::to_string(*user) : "-",
          or_dash(shortened(container_of(candidate), kMaxTableContainerBytes)),
          signal > 0 ? word_for(disposition_of(candidate.details, signal)) : "-",
          candidate.rank > 0 ? std::to_string(candidate.rank) : "-",
          candidate.chosen ? "yes" : "no",
          or_dash(visible(shown_line(candidate, kMaxTableLineBytes))),
          candidate.reason};
}

}  // namespace

OrderedJson json_of(const process::Ranking& ranking, int signal) {
  OrderedJson list = OrderedJson::array();
  for (const auto& each : ranking.candidates) list.push_back(json_of(each, signal));
  return list;
}

std::string table_of(const process::Ranking& ranking, int signal) {
  std::vector<Row> rows{
      {"PID", "USER", "CONTAINER", "HANDLES", "RANK", "CHOSEN", "COMMAND", "REASON"}};
  for (const auto& each : ranking.candidates) rows.push_back(row_of(each, signal));
  Row::size_type column = 0;
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const auto& row : rows)
    for (column = 0; column < row.size(); ++column)
      widths.at(column) = std::max(widths.at(column), row.at(column).size());
  std::string table;
  for (const auto& row : rows) {
    for (column = 0; column + 1 < row.size(); ++column)
      table += row.at(column) + std::string(widths.at(column) + 2 - row.at(column).size(), ' ');
    table += row.back() + "\n";
  }
  return table;
}

}  // namespace okg::hot_update
