// How much others ask of the API server at this moment,
// read off its answers, and what follows from that for us.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace okg::kube {

/// The number of writers of an object.
enum class Writers {
  kOne,   ///< Nobody else writes it: an answer that takes long waited for the API server itself.
  kMany,  ///< Writers that meet make each other start over inside the API server.
};

/// Patches a second of one ConfigMap of 200 keys, and seconds
/// until 95 % of 200 pods on one ConfigMap were recorded.
/// @source docs/performance.md, "Many pods at once"
///
///   writers at once           | 1  | 4   | 16 | 64
///   strategic merge patch     | 87 | 102 | 50 | 11
///
///   first attempts of 2 s                  | 7 to 10 s
///   first attempts of 250 ms               | 4.3 to 4.5 s, on a busier machine 8 to 10 s
///   the same, and turns, the busy machine  | 3.9 to 4.8 s
///
/// Thread-compatible.
class Contention {
 public:
  /// Up to this many times the quickest answer, latency varies on an idle API server too.
  static constexpr std::int64_t kUsualSlowdown = 4;
  /// The time of one turn: some three times what the
  /// API server needs to write a ConfigMap of 200 pods.
  static constexpr std::chrono::milliseconds kTurn{30};
  static constexpr std::chrono::milliseconds kMaxTurns{3'000};

  /// An answer that was no error took this long;
  /// `writers` of the object that was patched.
  void answered(std::chrono::milliseconds took, Writers writers);

  /// How many times as long as the quickest answer so
  /// far the last one took; 1 before there is any.
  [[nodiscard]] std::int64_t slowdown() const { return slowdown_; }
  /// How long an attempt to patch an object of many writers may
  /// take: four times the quickest answer to such a patch (before
  /// the first: to anything), but from `shortest` to `longest`.
  [[nodiscard]] std::chrono::milliseconds timeout(std::chrono::milliseconds shortest,
                                                  std::chrono::milliseconds longest) const;
  /// The longest time to let others go first, when those who ask write
  /// `shards` objects: a turn for each time that the last answer took
  /// longer than usual. A random part of it keeps siblings apart.
  [[nodiscard]] std::chrono::milliseconds max_turns(unsigned shards) const;

 private:
  std::int64_t slowdown_ = 1;
  std::optional<std::chrono::milliseconds> quickest_;
  std::optional<std::chrono::milliseconds> quickest_of_many_;
};

}  // namespace okg::kube
