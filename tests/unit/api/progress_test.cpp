#include "api/progress.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace okg::api {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::milliseconds;

Progress whole() { return {5, 10, 1, 3, 2, milliseconds(2500), 4}; }

Json written(const Progress& progress) {
  Json json;
  add(progress, json);
  return json;
}

TEST(Progress, is_written_as_documented) {
  EXPECT_EQ(written(whole()).dump(),
            R"({"bytesDone":5,"bytesTotal":10,"filesDone":1,"filesTotal":3,"bytesPerSecond":2,)"
            R"("etaMs":2500,"attempt":4})");
}

TEST(Progress, leaves_out_what_is_not_known) {
  auto progress = whole();
  progress.bytes_total.reset();
  progress.files_total.reset();
  progress.eta.reset();
  EXPECT_EQ(written(progress).dump(),
            R"({"bytesDone":5,"filesDone":1,"bytesPerSecond":2,"attempt":4})");
}

TEST(Progress, leaves_out_the_time_alone_where_there_is_no_rate) {
  auto progress = whole();
  progress.eta.reset();
  EXPECT_FALSE(written(progress).contains("etaMs"));
}

TEST(Progress, is_read_back_as_it_was_written) {
  auto unknown = whole();
  unknown.bytes_total.reset();
  unknown.files_total.reset();
  unknown.eta.reset();
  for (const auto& progress : {whole(), unknown, Progress()})
    EXPECT_EQ(progress_from(written(progress)), progress);
}

TEST(Progress, adds_to_what_is_there) {
  Json json{{"id", "a"}};
  add(whole(), json);
  EXPECT_EQ(json["id"], "a");
}

TEST(Progress, is_nothing_where_an_older_server_says_nothing) {
  auto nothing = Progress();
  nothing.files_total.reset();
  for (const auto& json : {Json(), Json::object(), Json("a")})
    EXPECT_EQ(progress_from(json), nothing);
}

}  // namespace
}  // namespace okg::api
