// The limits that are keys, with their defaults as docs/limits.md
// has them. Their edges are tried where they are used.
#include <gtest/gtest.h>

#include <chrono>
#include <limits>

#include "auth/settings.hpp"
#include "config/host_config.hpp"
#include "http/server/options.hpp"
#include "limits/documented.hpp"
#include "plugins/hot_update/settings/settings.hpp"
#include "sidecar/load.hpp"

namespace okg::limits {
namespace {

std::uint64_t seconds(std::chrono::milliseconds time) {
  return static_cast<std::uint64_t>(time / std::chrono::seconds(1));
}

TEST(Defaults, of_calls) {
  const http::ServerLimits limits;
  EXPECT_EQ(limits.max_connections.value, documented("connections"));
  EXPECT_EQ(limits.max_connections_per_peer.value, documented("connections of one IP address"));
  EXPECT_EQ(sidecar::Loaded().max_failures_per_peer.value,
            documented("wrong credentials of one IP address (of one /64) within a minute"));
  EXPECT_EQ(limits.max_turned_away, documented("connections beyond these that are told so"));
  EXPECT_EQ(limits.linger_bytes, documented("what a connection still sends after its last answer"));
  EXPECT_EQ(seconds(limits.linger), documented("time for that"));
  EXPECT_EQ(seconds(limits.slow_reader),
            documented("an answer after which its client counts as one that does not read"));
  EXPECT_EQ(seconds(auth::KubernetesSettings().cache_time),
            documented("what the API server said of a caller"));
  EXPECT_EQ(limits.max_header_bytes.value, documented("request line and headers; trailers"));
  EXPECT_EQ(limits.max_body_bytes.value, documented("body"));
  EXPECT_EQ(seconds(limits.idle_timeout), documented("time between two requests of a connection"));
  EXPECT_EQ(seconds(limits.request_timeout.value), documented("time for a request to arrive"));
  EXPECT_EQ(seconds(limits.request_timeout.value), documented("time for a TLS handshake"));
  EXPECT_EQ(seconds(limits.response_timeout), documented("time for a client to read an answer"));
}

TEST(Defaults, of_downloads) {
  const content::DownloadSettings download;
  EXPECT_EQ(seconds(download.timeout), documented("the whole download, retries included"));
  EXPECT_EQ(seconds(download.connect_timeout), documented("time for a connection"));
  EXPECT_EQ(seconds(download.stall_timeout),
            documented("time with fewer than 16 bytes a second, trailers included"));
  EXPECT_EQ(seconds(download.max_pause), documented("pause before a retry of our own"));
  EXPECT_EQ(download.retries, static_cast<int>(documented("retries")));
  EXPECT_EQ(download.max_redirects.value, static_cast<int>(documented("redirects")));
  EXPECT_EQ(download.max_bytes_per_second, documented("rate"));
  EXPECT_EQ(download.max_bytes.value, documented("content"));
  EXPECT_EQ(download.parallel, documented("files of a manifest at a time"));
  EXPECT_EQ(
      download.min_free_percent.value,
      documented("room that stays free on the volume, of content and of a copy of the old one"));
}

TEST(Defaults, of_archives) {
  const content::ArchiveLimits archive;
  EXPECT_EQ(archive.max_files.value, documented("entries, folders included"));
  EXPECT_EQ(archive.max_files.value, documented("files that files=true lists"));
  EXPECT_EQ(archive.max_bytes.value, documented("bytes unpacked"));
  EXPECT_EQ(archive.max_ratio.value,
            documented("unpacked bytes for each packed one, from 8 MiB on"));
}

TEST(Defaults, of_updates) {
  const hot_update::Settings settings;
  EXPECT_EQ(settings.max_queued, documented("updates that wait"));
  EXPECT_EQ(seconds(settings.max_update), documented("a download that other updates wait behind"));
  EXPECT_EQ(settings.max_paths, documented("paths of a pod"));
  EXPECT_EQ(settings.keep_versions, documented("earlier contents of a path"));
  EXPECT_EQ(settings.keep_bytes, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(documented("bytes of all earlier contents, once an update has ended"), 0U);
  EXPECT_EQ(seconds(settings.signal.wait), documented("a game that is not there yet"));
  EXPECT_EQ(seconds(settings.request.timeout), documented("a reload endpoint"));
  EXPECT_EQ(seconds(settings.confirm.timeout), documented("a game that has to become healthy"));
  EXPECT_EQ(seconds(config::HostConfig().shutdown_grace), documented("stopping"));
}

}  // namespace
}  // namespace okg::limits
