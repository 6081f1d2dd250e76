// A pod for tests of updates: a real folder and journal, and a file system, a source and a game
// that do as they are told. A test ends its sidecar at any call, and starts it again.
#pragma once

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/update/make_spares.hpp"
#include "plugins/hot_update/update/pipeline.hpp"
#include "plugins/hot_update/update/recovery.hpp"
#include "plugins/hot_update/update/reverts.hpp"
#include "temporary_folder.hpp"

namespace okg::hot_update {

/// The sidecar's process ends here.
struct Died {};

/// The real file system, of which single calls fail, or are the last ones of the process.
class ScriptedFiles : public FileSystem {
 public:
  enum class When { kBefore, kAfter };

  /// The call of this name that comes as the `nth` from now.
  void fail(const std::string& call, int cause, int nth = 1) {
    causes_[{call, at(call, nth)}] = cause;
  }
  void fail_all(const std::string& call, int cause) { all_[call] = cause; }
  /// The call is made, and answered with an error all the same (NFS).
  void lie(const std::string& call, int cause, int nth = 1) {
    lies_[{call, at(call, nth)}] = cause;
  }
  void die(When when, const std::string& call, int nth = 1) {
    deaths_[{call, at(call, nth)}] = when;
  }
  void heal() {
    causes_.clear();
    all_.clear();
    lies_.clear();
    deaths_.clear();
  }
  [[nodiscard]] int count(const std::string& call) { return counts_[call]; }

  int make_folder(int parent, const char* name, mode_t mode) override {
    return perform("mkdir", [&] { return FileSystem::make_folder(parent, name, mode); });
  }
  int link(int from_folder, const char* from, int to_folder, const char* to) override {
    return perform("link", [&] { return FileSystem::link(from_folder, from, to_folder, to); });
  }
  int rename(int from_folder, const char* from, int to_folder, const char* to) override {
    return perform("rename", [&] { return FileSystem::rename(from_folder, from, to_folder, to); });
  }
  int exchange(int from_folder, const char* from, int to_folder, const char* to) override {
    return perform("exchange",
                   [&] { return FileSystem::exchange(from_folder, from, to_folder, to); });
  }
  int remove_folder(int folder, const char* name) override {
    return perform("rmdir", [&] { return FileSystem::remove_folder(folder, name); });
  }
  int sync_all(int file) override {
    return perform("syncfs", [&] { return FileSystem::sync_all(file); });
  }
  int make_symlink(const char* target, int folder, const char* name) override {
    return perform("symlink", [&] { return FileSystem::make_symlink(target, folder, name); });
  }
  int unlink(int folder, const char* name) override {
    return perform("unlink", [&] { return FileSystem::unlink(folder, name); });
  }
  int change_mode(int file, mode_t mode) override {
    return perform("fchmod", [&] { return FileSystem::change_mode(file, mode); });
  }
  int sync(int file) override {
    return perform("fsync", [&] { return FileSystem::sync(file); });
  }

 private:
  using Call = std::pair<std::string, int>;

  int at(const std::string& call, int nth) { return counts_[call] + nth; }
  template <class Real>
  int perform(const std::string& name, Real real) {
    const Call call{name, ++counts_[name]};
    const auto death = deaths_.find(call);
    if (death != deaths_.end() && death->second == When::kBefore) throw Died{};
    if (const auto cause = causes_.find(call); cause != causes_.end()) return answer(cause->second);
    if (const auto cause = all_.find(name); cause != all_.end()) return answer(cause->second);
    const int result = real();
    if (death != deaths_.end()) throw Died{};
    if (const auto cause = lies_.find(call); cause != lies_.end()) return answer(cause->second);
    return result;
  }
  static int answer(int cause) {
    errno = cause;
    return -1;
  }

  std::map<std::string, int> counts_;
  std::map<Call, int> causes_;
  std::map<std::string, int> all_;
  std::map<Call, int> lies_;
  std::map<Call, When> deaths_;
};

/// Notes who was notified. Healthy unless told otherwise.
class ScriptedGame : public Game {
 public:
  Result<void> check_mounts(const std::string& /*path*/) override { return {}; }
  Result<NotifyOutcome> notify(const Audience& audience, const std::stop_token&) override {
    heard.push_back(audience);
    if (dies) throw Died{};
    if (notify_error) return *notify_error;
    return NotifyOutcome{"notified", true, "TEST"};
  }
  [[nodiscard]] bool is_checked(const NotifyOutcome&) const override { return true; }
  Result<void> check_health(const NotifyOutcome&, const std::stop_token&) override {
    if (health_error) return *health_error;
    return {};
  }

  std::vector<Audience> heard;
  std::optional<Error> notify_error;
  std::optional<Error> health_error;
  bool dies = false;
};

/// In memory where that is possible: these tests are about what is synced, not about a disk.
inline std::filesystem::path fast_folder() {
  const std::filesystem::path in_memory = "/dev/shm";
  return is_directory(in_memory) ? in_memory : std::filesystem::temp_directory_path();
}

class PodTest : public testing::Test {
 protected:
  void SetUp() override {
    settings_.file_dir = folder_.path();
    settings_.state_dir = settings_.file_dir / ".okg-sidecar";
    settings_.load_patch_type = LoadPatchType::kSignal;
    start();
  }
  void TearDown() override { stop(); }

  /// A start of the sidecar: what is in memory is new, the disk is well, the game listens.
  void start() {
    stop();
    files_.heal();
    game_.notify_error = game_.health_error = std::nullopt;
    game_.dies = false;
    game_.heard.clear();
    dies_at_ = std::nullopt;
    sidecar_ = std::make_unique<Sidecar>(*this);
  }
  void stop() { sidecar_.reset(); }

  void put_live(const std::string& path, const std::string& text) const {
    std::ofstream(settings_.file_dir / path) << text;
  }
  /// Nothing when no file has the name.
  [[nodiscard]] std::optional<std::string> live(const std::string& path = "a") const {
    std::ifstream file(settings_.file_dir / path);
    if (!file) return std::nullopt;
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }
  [[nodiscard]] std::size_t staged() const { return entries("staging"); }
  [[nodiscard]] std::size_t kept() const { return entries("kept"); }
  static std::string url_of(const std::string& text) { return "http://source/" + text; }

  /// Of a source whose content is `text`.
  api::UpdateRequest request(const std::string& version, const std::string& text,
                             const std::string& path = "a") {
    source_[url_of(text)] = text;
    api::UpdateRequest request;
    request.version = version;
    request.url = url_of(text);
    request.path = path;
    request.requested_at = now();
    return request;
  }
  Outcome update(const api::UpdateRequest& request) { return pipeline().update(request, {}); }
  void make_spares(const std::stop_token& stop = {}) {
    hot_update::make_spares(sidecar_->parts, stop);
  }
  Outcome update(const std::string& version, const std::string& text) {
    return update(request(version, text));
  }
  Outcome roll_back() {
    api::UpdateRequest request;
    request.rollback = true;
    request.requested_at = now();
    return update(request);
  }
  /// The sidecar dies in this update, and is started again.
  void update_and_die(const api::UpdateRequest& request) {
    EXPECT_THROW(update(request), Died);
    start();
  }
  results::Entry entry(const std::string& version, const std::string& text) {
    const auto asked = request(version, text);
    return {version, asked.url, sha256_of(text), results::Scope::kWorkload, asked.requested_at};
  }

  Pipeline& pipeline() { return sidecar_->pipeline; }
  Reverts& reverts() { return sidecar_->reverts; }
  Recovery& recovery() { return sidecar_->recovery; }
  Publisher& publisher() { return sidecar_->publisher; }
  Ledger& ledger() { return *sidecar_->ledger; }
  Parts& parts() { return sidecar_->parts; }
  [[nodiscard]] std::shared_ptr<const LedgerState> state() { return ledger().state(); }

  tests::TemporaryFolder folder_{fast_folder()};
  Settings settings_;
  ScriptedFiles files_;
  ScriptedGame game_;
  std::map<std::string, std::string> source_;  ///< URL -> content
  bool source_says_not_modified_ = false;
  std::vector<std::string> fetched_;  ///< files of manifests
  bool game_can_write_ = true;
  /// The sidecar ends when this stage begins; nothing in it: when the update has ended.
  std::optional<std::optional<Stage>> dies_at_;

 private:
  struct Sidecar {
    explicit Sidecar(PodTest& pod)
        : state(StateDir::open(pod.settings_.state_dir).value()),
          ledger(Ledger::open(state.root()).value()),
          publisher(publish_settings(pod.settings_), state, pod.files_,
                    [&pod] { return pod.game_can_write_; }),
          parts{pod.settings_,
                state,
                *ledger,
                publisher,
                pod.game_,
                [&pod](const auto& source, const auto& staged, const auto&) {
                  return pod.download(source, staged);
                },
                [&pod](const auto& what, const auto& take, const auto&) {
                  return pod.fetch(what, take);
                }},
          reverts(parts),
          pipeline(parts, reverts),
          recovery(parts, pipeline, reverts) {
      parts.hooks.on_stage = [&pod](std::optional<Stage> stage) {
        if (pod.dies_at_ && *pod.dies_at_ == stage) throw Died{};
      };
    }
    StateDir state;
    std::unique_ptr<Ledger> ledger;
    Publisher publisher;
    Parts parts;
    Reverts reverts;
    Pipeline pipeline;
    Recovery recovery;
  };

  [[nodiscard]] std::size_t entries(const char* folder) const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& each :
         std::filesystem::directory_iterator(settings_.state_dir / folder))
      ++count;
    return count;
  }
  Result<std::variant<content::DownloadedFile, content::NotModified>> download(
      const content::Source& source, const content::StagedName& staged) const {
    if (source_says_not_modified_) return content::NotModified{};
    const auto found = source_.find(source.url);
    if (found == source_.end())
      return fail(ErrorCode::kUpstream, Reason::kSourceNotFound, source.url, " answered 404");
    auto file = content::StagedFile::create(staged);
    if (!file) return file.error();
    const auto& text = found->second;
    if (auto ok = file->write(std::as_bytes(std::span(text))); !ok) return ok.error();
    return content::DownloadedFile{
        std::move(*file), {sha256_of(text), text.size()}, {"\"tag\"", ""}, {}};
  }

  /// The files of a manifest, one after the other.
  Result<void> fetch(const content::FilesToFetch& what, const content::TakeFile& take) {
    for (const auto& file : what.files) {
      const auto url = content::url_of(file, what.manifest_url).value();
      fetched_.push_back(file.path);
      auto got = download(
          {url}, {what.staged.folder, what.staged.name + "." + std::to_string(fetched_.size())});
      if (!got) return got.error();
      auto content = content::StagedContent::verify(
          std::move(std::get<content::DownloadedFile>(*got)), url, file.sha256, {});
      if (!content) return content.error();
      if (auto ok = take(file, std::move(*content)); !ok) return ok;
    }
    return {};
  }

  std::unique_ptr<Sidecar> sidecar_;
};

}  // namespace okg::hot_update
