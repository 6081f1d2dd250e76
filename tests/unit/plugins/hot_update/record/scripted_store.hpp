// A store whose answers a test chooses, and which remembers what it got.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "results/result_store.hpp"

namespace okg::hot_update {

class ScriptedStore final : public results::ResultStore {
 public:
  Result<void> write(const results::Record& record, std::stop_token) override {
    const std::lock_guard lock(mutex_);
    written.push_back(record);
    return next(write_errors);
  }
  Result<void> observe(const std::string& text, std::stop_token) override {
    const std::lock_guard lock(mutex_);
    observed.push_back(text);
    return next(write_errors);
  }
  Result<results::Wanted> read(std::stop_token) override {
    const std::lock_guard lock(mutex_);
    ++reads;
    if (auto ok = next(read_errors); !ok) return ok.error();
    return wanted;
  }
  Result<std::set<std::string>> forget(const std::optional<std::string>&,
                                       std::stop_token) override {
    return std::set<std::string>{};
  }
  [[nodiscard]] bool is_durable() const override { return durable; }

  std::deque<Error> write_errors;  ///< of the next writes; then they work
  std::deque<Error> read_errors;
  results::Wanted wanted;
  bool durable = true;
  int reads = 0;
  std::vector<results::Record> written;
  std::vector<std::string> observed;

 private:
  static Result<void> next(std::deque<Error>& errors) {
    if (errors.empty()) return {};
    auto error = std::move(errors.front());
    errors.pop_front();
    return error;
  }
  std::mutex mutex_;
};

}  // namespace okg::hot_update
