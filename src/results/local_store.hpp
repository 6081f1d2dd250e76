// Results in a file of the state directory: for machines
// outside a cluster, and for clusters that keep no results.
#pragma once

#include "files/folder.hpp"
#include "results/result_store.hpp"

namespace okg::results {

/// result.json is a pod's entry as record_json.hpp shows it, replaced
/// as a whole, mode 0600. It is not synced to disk: the journal is
/// the durable copy, and writes it again at the next start.
class LocalStore final : public ResultStore {
 public:
  static constexpr const char* kFile = "result.json";

  /// `folder` is where result.json is.
  explicit LocalStore(files::Folder folder) : folder_(std::move(folder)) {}

  [[nodiscard]] bool is_durable() const override { return false; }
  /// Errors: as errno_error.
  Result<void> write(const Record& record, std::stop_token stop) override;
  /// Nothing: there is no pod to write to.
  Result<void> observe(const std::string&, std::stop_token) override { return {}; }
  /// All files of the last record, whatever their scope, as the
  /// pod's own; none when there is no file or it cannot be read.
  Result<Wanted> read(std::stop_token stop) override;
  Result<std::set<std::string>> forget(const std::optional<std::string>& path,
                                       std::stop_token stop) override;

 private:
  files::Folder folder_;
};

}  // namespace okg::results
