// The parts that carrying out an update needs. Tests put fakes in their places.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "content/archive/reader.hpp"
#include "content/download.hpp"
#include "content/manifest/fetch.hpp"
#include "plugins/hot_update/game/game.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/publish/publisher.hpp"
#include "plugins/hot_update/settings/settings.hpp"

namespace okg::hot_update {

/// content::download, or a script: the content of a source, in that file of staging.
using Download = std::function<Result<std::variant<content::DownloadedFile, content::NotModified>>(
    const content::Source& source, const content::StagedName& staged, const std::stop_token& stop)>;

/// content::fetch_files, or a script: files of a manifest.
using FetchManifest = std::function<Result<void>(
    const content::FilesToFetch& what, const content::TakeFile& take, const std::stop_token& stop)>;

/// Hears of each stage as it begins; nothing: the update ended.
using OnStage = std::function<void(std::optional<Stage>)>;

/// Says why an update that was asked to stop had to; nothing: the sidecar stops.
using ReasonToEnd = std::function<std::optional<Error>()>;

/// Asked right before the first step that cannot be undone
/// without a trace; an error ends the update instead.
/// After it has said yes, the update can no longer be cancelled.
using MayGoLive = std::function<Result<void>()>;

/// Whether content of that URL, which is kept, may go live again. Errors: SourceNotAllowed.
using CheckKept = std::function<Result<void>(const std::string& url)>;

/// Calls to those who hear of updates or have a say in them. From the worker's thread.
struct Hooks {
  OnStage on_stage = [](std::optional<Stage>) {};
  ReasonToEnd reason_to_end = [] { return std::optional<Error>(); };
  MayGoLive may_go_live = [] { return Result<void>(); };
  content::OnProgress on_progress = [](const content::DownloadProgress&) {};
  content::OnUnpacked on_unpacked = [](const content::UnpackProgress&) {};
};

/// All references outlive whatever uses the parts.
struct Parts {
  const Settings& settings;
  const StateDir& state;
  Ledger& ledger;
  Publisher& publisher;
  Game& game;
  Download download;
  FetchManifest fetch_manifest;
  CheckKept check_kept = [](const std::string&) { return Result<void>(); };
  Hooks hooks{};
};

/// The settings of the publisher.
[[nodiscard]] PublishSettings publish_settings(const Settings& settings);

}  // namespace okg::hot_update
