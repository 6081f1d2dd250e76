#include "auth/gate.hpp"

#include "base/text.hpp"

#include <string>
#include <utility>

#include "auth/cross_site.hpp"
#include "base/log.hpp"

namespace okg::auth {
namespace {

using http::Access;

/// A header's value that goes with every answer of this kind.
http::ServerResponse with(http::ServerResponse response, std::string name, std::string value) {
  response.headers.push_back({std::move(name), std::move(value)});
  return response;
}

void log_refused(const http::ServerRequest& head, std::string_view caller, std::string_view why) {
  log::warn("call refused", {{"peer", head.peer.address},
                             {"caller", caller},
                             {"method", head.method},
                             {"path", head.path},
                             {"why", why}});
}

http::ServerResponse forbidden(const http::ServerRequest& head, const Identity& identity,
                               Access access) {
  const std::string right = access == Access::kUpdate ? "update" : "read";
  log_refused(head, identity.name, "may not " + right);
  return http::refusal(403,
                       identity.name + " may not " + right + " here; docs/security.md says " +
                           "how callers get that right",
                       Reason::kForbidden);
}

}  // namespace

/// One request on its way through the authenticators.
struct Gate::Question {
  http::ServerRequest head;
  Access access;
  Credential credential;
  http::Decided decided;

  /// A secret that somebody might be guessing.
  [[nodiscard]] bool is_attempt() const { return credential.kind != Credential::Kind::kNone; }
};

void Gate::admit(const http::ServerRequest& head, Access access, const http::Decided& decided) {
  const bool is_open = access == Access::kOpen;
  if (auto foreign = is_open ? std::nullopt : names_.refuse_foreign(head))
    return decided(*std::move(foreign));
  if (auto page = is_open ? std::nullopt : refuse_cross_site(head, access))
    return decided(*std::move(page));
  if (authenticators_.empty()) return decided(http::Caller{{}, true});
  auto question =
      std::make_shared<Question>(Question{head, access, credential_of(head.headers), decided});
  if (!question->is_attempt() || failures_.take(head.peer.address, FailureLimit::Clock::now()))
    return identify(std::move(question), 0);
  if (is_open) return decided(http::Caller{});
  decided(with(http::refusal(429,
                             "too many wrong credentials came from " + head.peer.address +
                                 in_brackets(failures_key_) + "; try again later",
                             Reason::kUnauthenticated),
               "Retry-After", std::to_string(failures_.pause().count())));
}

void Gate::stop() {
  for (const auto& each : authenticators_) each->stop();
}

/// Asks one after the other, until one knows the caller.
void Gate::identify(std::shared_ptr<Question> question, std::size_t which) {
  const auto& asked = *question;
  authenticators_[which]->identify(asked.credential, asked.head.peer, asked.access,
                                   [gate = shared_from_this(), question = std::move(question),
                                    which](const Result<std::optional<Identity>>& identity) {
                                     const bool is_last = which + 1 == gate->authenticators_.size();
                                     if (identity && !*identity && !is_last)
                                       return gate->identify(question, which + 1);
                                     question->decided(gate->conclude(*question, identity));
                                   });
}

http::Admission Gate::conclude(const Question& question,
                               const Result<std::optional<Identity>>& identity) {
  const auto& head = question.head;
  const bool is_known = identity && *identity;
  const bool is_wrong = identity && !*identity;
  if (question.is_attempt() && !is_wrong) failures_.give_back(head.peer.address);
  if (question.access == Access::kOpen)
    return http::Caller{is_known ? (*identity)->name : "", is_known && (*identity)->has_right};
  if (!identity) {
    log_refused(head, "", identity.error().message);
    return with(http::refusal(503, "who calls could not be found out: " + identity.error().message,
                              identity.error().reason),
                "Retry-After", "5");
  }
  if (is_wrong) return unauthenticated(question);
  if (!(*identity)->has_right) return forbidden(head, **identity, question.access);
  return http::Caller{(*identity)->name, true};
}

http::ServerResponse Gate::unauthenticated(const Question& question) const {
  const bool is_attempt = question.is_attempt();
  if (is_attempt) log_refused(question.head, "", "wrong credentials");
  auto refused = http::refusal(401,
                               is_attempt ? "the credentials are not known here"
                                          : "say who calls, with an Authorization header",
                               Reason::kUnauthenticated);
  std::string offered;
  for (const auto& each : authenticators_) {
    const std::string scheme(each->scheme());
    if (offered.find(scheme) != std::string::npos) continue;
    append_listed(offered, ", ", scheme + " realm=\"okg-sidecar\"");
  }
  return with(std::move(refused), "WWW-Authenticate", offered);
}

http::Authorize authorize(std::shared_ptr<Gate> gate) {
  return [gate = std::move(gate)](const http::ServerRequest& head, Access access,
                                  const http::Decided& decided) {
    gate->admit(head, access, decided);
  };
}

}  // namespace okg::auth
