// The one vocabulary of errors. Each code is there because
// someone acts on it: a retry, an HTTP status, an exit status.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

#include "base/reason.hpp"
#include "base/text/concat.hpp"

namespace okg {

enum class ErrorCode {
  kInvalid,      ///< the caller's or the operator's input is wrong: HTTP 400, exit status 64
  kNotFound,     ///< the named object does not exist
  kForbidden,    ///< not permitted (EPERM, EACCES, HTTP 401 and 403 of the API server)
  kConflict,     ///< something else has the place now, or took it first: retry
  kUnavailable,  ///< a transient error of the other side: retry
  kTimeout,      ///< the other side was too slow: retry; HTTP 504 to the caller
  kUpstream,     ///< a permanent error of the other side: HTTP 502, no retry
  kRefused,      ///< content that must not go live, a call too late: HTTP 422 or 409
  kNoSpace,      ///< disk or quota full: HTTP 507
  kStopping,     ///< the program is being stopped: HTTP 503
  kInternal,     ///< everything else: HTTP 500
};

/// "invalid", "notFound", …: as in the journal.
[[nodiscard]] std::string_view to_string(ErrorCode code);
/// Nothing for a word that is no code.
[[nodiscard]] std::optional<ErrorCode> parse_error_code(std::string_view word);

/// One sentence: the failure, its object, and the cure.
/// It is logged once, where it ends.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  Reason reason = Reason::kNone;

  /// The same error seen from one layer above: "context: message".
  [[nodiscard]] Error in(std::string_view context) const {
    return Error{code, std::string(context) + ": " + message, reason};
  }
  /// The same error with its cure, which the layer
  /// that knows the setting adds: "message; cure".
  [[nodiscard]] Error advise(std::string_view cure) const {
    return Error{code, message + "; " + std::string(cure), reason};
  }
  /// The same error under its word for tools. A reason
  /// from a lower layer, which saw more, stays.
  [[nodiscard]] Error because(Reason why) const {
    return Error{code, message, reason == Reason::kNone ? why : reason};
  }
};

/// The reason to show: the error's own, kStopping for that code, else kInternalError.
[[nodiscard]] constexpr Reason shown_reason(const Error& error) {
  if (error.reason != Reason::kNone) return error.reason;
  return error.code == ErrorCode::kStopping ? Reason::kStopping : Reason::kInternalError;
}

/// True when trying the same again may succeed without anyone doing anything.
[[nodiscard]] constexpr bool is_transient(ErrorCode code) {
  return code == ErrorCode::kConflict || code == ErrorCode::kUnavailable ||
         code == ErrorCode::kTimeout;
}

/// A value of T, or the Error that took its place. Converts from
/// both, so that an error is passed on with `return x.error();`.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  // NOLINTNEXTLINE(google-explicit-constructor): that is its purpose
  Result(Error error) : tl::expected<T, Error>(tl::unexpect, std::move(error)) {}
};

/// `return fail(ErrorCode::kInvalid, "version is empty");`
[[nodiscard]] inline Error fail(ErrorCode code, std::string message) {
  const auto reason = code == ErrorCode::kStopping ? Reason::kStopping : Reason::kNone;
  return Error{code, std::move(message), reason};
}

/// `return fail(ErrorCode::kUpstream, Reason::kSourceNotFound, "…");`
[[nodiscard]] inline Error fail(ErrorCode code, Reason reason, std::string message) {
  return Error{code, std::move(message), reason};
}
/// The same of a message in parts: `fail(ErrorCode::kInvalid, name, " is longer than ", 9)`.
template <class... Parts>
[[nodiscard]] Error fail(ErrorCode code, Reason reason, const Parts&... message) {
  return fail(code, reason, concat(message...));
}
template <class... Parts>
[[nodiscard]] Error fail(ErrorCode code, const Parts&... message) {
  return fail(code, concat(message...));
}

/// An Error for a failed system call, its code chosen from errno (ENOSPC, EDQUOT
/// and EFBIG are kNoSpace, EACCES, EPERM and EROFS kForbidden, ENOENT kNotFound,
/// the rest kInternal) and so its reason (kNoSpace, kReadOnly, kNoPermission, or
/// none), with what to do where that is the same everywhere: "write /a: No
/// space left on device; make room on that file system".
[[nodiscard]] Error errno_error(std::string_view what, int errno_value);

}  // namespace okg
