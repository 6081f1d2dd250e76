// Decides who may call: every request to a route
// goes through here before its body is read.
#pragma once

#include <memory>
#include <vector>

#include "auth/authenticator.hpp"
#include "auth/failure_limit.hpp"
#include "auth/host_names.hpp"
#include "base/setting.hpp"
#include "http/server/router.hpp"

namespace okg::auth {

/// Refuses, in this order: a name that is not this pod's (421),
/// what a browser sends for the page of another site (403), a peer
/// that failed too often (429), who does not say who he is (401),
/// who may not do this (403). Nobody is admitted when that cannot
/// be found out (503). What probes ask for is open. Its caller is
/// identified all the same: strangers are not told reasons.
class Gate : public std::enable_shared_from_this<Gate> {
 public:
  /// Without `authenticators` everybody may do everything.
  Gate(HostNames names, const Setting<std::size_t>& max_failures,
       std::vector<std::unique_ptr<Authenticator>> authenticators)
      : names_(std::move(names)),
        failures_(max_failures.value),
        failures_key_(max_failures.key),
        authenticators_(std::move(authenticators)) {}

  void admit(const http::ServerRequest& head, http::Access access, const http::Decided& decided);
  /// To be called before the last owner goes: a question that waits owns the
  /// gate too, and would take it down on a thread that is the gate's own.
  void stop();

 private:
  struct Question;
  void identify(std::shared_ptr<Question> question, std::size_t which);
  [[nodiscard]] http::Admission conclude(const Question& question,
                                         const Result<std::optional<Identity>>& identity);
  [[nodiscard]] http::ServerResponse unauthenticated(const Question& question) const;

  const HostNames names_;
  FailureLimit failures_;
  const std::string_view failures_key_;
  const std::vector<std::unique_ptr<Authenticator>> authenticators_;
};

/// The gate as the router asks it.
[[nodiscard]] http::Authorize authorize(std::shared_ptr<Gate> gate);

}  // namespace okg::auth
