// The plugin's part of config.yaml, checked.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "config/host_config.hpp"
#include "config/mistakes.hpp"
#include "content/archive/limits.hpp"
#include "content/download_settings.hpp"
#include "http/message.hpp"
#include "plugins/hot_update/settings/content_rules.hpp"
#include "results/open.hpp"
#include "source/source_settings.hpp"

namespace okg::hot_update {

/// How the game hears of new content.
enum class LoadPatchType {
  /// Its process gets a signal.
  kSignal,
  /// Its own HTTP endpoint is called.
  kRequest,
  /// It does not: it watches its files itself.
  kNone,
};

/// Which process is the game, and what it gets.
struct SignalSettings {
  std::string process_name;
  std::optional<uid_t> user;  ///< only processes of this user
  std::string container;      ///< only processes of this container; empty: of any
  int signal = 0;
  bool check_handler = true;  ///< refuse a signal that would end the process, as far as /proc shows
  /// For a process that is not there yet, or does not handle the signal yet.
  std::chrono::milliseconds wait{2'000};
  /// How long the game is watched after it was notified: one that ends fails the update.
  std::chrono::milliseconds settle{300};
};

/// The game's own reload endpoint.
struct RequestSettings {
  std::string url;
  std::string method = "POST";
  http::Headers headers;
  std::string body;
  int expected_status_code = 200;
  std::chrono::milliseconds timeout{5'000};
};

/// How to tell that the game is healthy.
/// With nothing set, nobody looks.
struct ConfirmSettings {
  std::string http_url;
  int expected_status_code = 200;
  std::string body_contains;
  std::string tcp_address;  ///< "HOST:PORT" that has to take connections
  std::chrono::milliseconds process_alive{
      0};  ///< the main process has to live for that long after it was notified
  std::chrono::milliseconds timeout{10'000};
  std::chrono::milliseconds interval{200};
  [[nodiscard]] bool any() const {
    return !http_url.empty() || !tcp_address.empty() || process_alive.count() > 0;
  }
};

/// Orders wait while a label of the pod has one of these values.
struct HoldWhile {
  std::string label;
  std::vector<std::string> values;
  std::filesystem::path labels_file;  ///< the pod's labels, as the kubelet writes them
};

/// The order that the kubelet keeps in a file. See docs/fleet.md.
struct OrderSettings {
  std::filesystem::path file = "/etc/okg-sidecar/desired";
  bool is_given = false;  ///< else the file counts only when its folder is there
  std::optional<HoldWhile> hold_while{};
};

/// Which stored entries a pod takes without anybody asking it.
enum class LatestTrust {
  /// Those with a checksum or a signature: whoever
  /// serves it later, the content is the one that was meant.
  kChecked,
  /// All of them: whoever can write at the URL says what new pods run.
  kShared,
};

/// The entries that a start takes from the store.
struct LatestSettings {
  LatestTrust trust = LatestTrust::kChecked;
  bool read_original = false;  ///< also entries of the original sidecar, which have no checksum
};

struct Settings {
  LoadPatchType load_patch_type = LoadPatchType::kSignal;
  std::filesystem::path file_dir = "/app/downloads";
  std::filesystem::path state_dir;  ///< default: file_dir/.okg-sidecar
  mode_t file_mode = 0644;
  std::size_t keep_versions = 2;                                         ///< of each path
  std::uint64_t keep_bytes = std::numeric_limits<std::uint64_t>::max();  ///< of all paths
  std::size_t max_queued = 16;
  std::size_t max_paths = 256;
  std::chrono::milliseconds max_update{120'000};  ///< of a download that others wait behind
  SignalSettings signal;
  RequestSettings request;
  ConfirmSettings confirm;
  bool main_process_expected = false;  ///< at start; from the host's sidecarStartOrder
  content::DownloadSettings download;
  content::ArchiveLimits archive;
  source::SourceSettings source;
  ContentRules content;
  results::StorageSettings storage;
  LatestSettings latest;
  OrderSettings orders;
};

/// Every mistake goes into `mistakes`; the result is usable only when there is none.
[[nodiscard]] Settings read_settings(const config::PluginEntry& entry, config::Mistakes& mistakes);

}  // namespace okg::hot_update
