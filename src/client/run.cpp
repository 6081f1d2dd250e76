#include "client/run.hpp"

#include <iostream>

#include "api/routes.hpp"
#include "api/update_id.hpp"
#include "api/update_request.hpp"
#include "base/io/file.hpp"
#include "base/json.hpp"
#include "base/length_limits.hpp"
#include "base/text/print_error.hpp"
#include "base/text/visible.hpp"
#include "base/time/timestamp.hpp"
#include "client/calls.hpp"
#include "client/interrupt.hpp"
#include "client/processes.hpp"
#include "client/progress_line.hpp"
#include "client/show.hpp"
#include "client/wait.hpp"

namespace okg::client {
namespace {

void print(const std::string& text) {
  std::cout << text << (text.ends_with('\n') ? "" : "\n") << std::flush;
}

int complain(ExitStatus status, const std::string& message) {
  if (!message.empty()) print_error("okg-sidecar: " + message);
  return status;
}

Result<void> check_text(const api::Fields& fields) {
  for (const auto& [name, value] : fields)
    if (!is_utf8(value))
      return fail(ErrorCode::kInvalid, "the ", name,
                  " is not UTF-8; set the terminal to UTF-8, or percent-encode it");
  return {};
}

Result<void> add_signature(const std::string& file, api::Fields& fields) {
  if (file.empty()) return {};
  auto text = read_file_or_pipe(file, kMaxSignatureBytes);
  if (!text) return text.error().in("--signature");
  fields["signature"] = std::move(*text);
  return {};
}

/// No request can have a space in its address; the rest is sent as it was given.
std::string without_spaces(const std::string& url) {
  std::string text;
  for (const char each : url) text += each == ' ' ? std::string("%20") : std::string(1, each);
  return text;
}

class Commands {
 public:
  Commands(const Options& options, Calls& calls) : options_(options), calls_(calls) {}

  int run() {
    switch (options_.command) {
      case Command::kUpdate: return send_update(api::kUpdateRoute);
      case Command::kRollback: return send_update(api::kRollbackRoute);
      case Command::kStatus: return options_.id.empty() ? status() : status_of_one();
      case Command::kWait: return options_.id.empty() ? wait_for_current() : wait(options_.id);
      case Command::kCancel: return cancel();
      case Command::kProcesses: return processes();
      case Command::kNone: break;
    }
    return kExitUsage;
  }

 private:
  [[nodiscard]] bool is_json() const { return options_.output == Output::kJson; }

  int refused(const Result<Answer>& answer) {
    if (!answer) return complain(exit_status_of(answer.error()), answer.error().message);
    if (is_json() && !answer->json.is_null()) print(answer->text);
    return complain(exit_status_of(*answer), words_of(*answer));
  }

  /// The body of a 2xx; else what is wrong is said, and the exit status comes back.
  template <class Show>
  int get(const std::string& path, const Show& show) {
    Call call;
    call.path = path;
    const auto answer = calls_.send_patiently(call);
    if (!answer || !answer->is_good()) return refused(answer);
    if (!is_json() || answer->json.is_null()) return show(*answer);
    print(answer->text);
    return kExitDone;
  }

  int status() {
    return get(api::kUpdateRoute, [](const Answer& answer) -> int {
      const auto status = api::status_from_json(answer.json);
      if (!status) return complain(kExitUnreachable, status.error().message);
      print(text_of(*status));
      return kExitDone;
    });
  }

  int status_of_one() {
    return get(api::location_of(options_.id), [](const Answer& answer) -> int {
      const auto view = api::view_from_json(answer.json);
      if (!view) return complain(kExitUnreachable, view.error().message);
      print(text_of(*view));
      return kExitDone;
    });
  }

  int processes() {
    return get(api::kProcessesRoute, [](const Answer& answer) -> int {
      const auto list = api::processes_from_json(answer.json);
      if (!list) return complain(kExitUnreachable, list.error().message);
      print(table_of(*list));
      return kExitDone;
    });
  }

  int send_update(const std::string& path) {
    auto fields = options_.fields;
    if (auto ok = add_signature(options_.signature_file, fields); !ok)
      return complain(kExitUsage, ok.error().message);
    if (auto ok = check_text(fields); !ok) return complain(kExitUsage, ok.error().message);
    if (const auto url = fields.find("url"); url != fields.end())
      url->second = without_spaces(url->second);
    fields["wait"] = "false";  // the connection need not last as long as the update
    Call call{"POST", path, to_text(api::to_json(fields)), options_.idempotency_key};
    if (call.idempotency_key.empty())  // so that it can be repeated
      call.idempotency_key = "okg-sidecar-" + api::make_update_id(now());
    const auto answer = calls_.send_patiently(call);
    if (!answer || !answer->is_good()) return refused(answer);
    const auto accepted = api::answer_from_json(answer->json);
    if (!accepted) return complain(kExitUnreachable, accepted.error().message);
    if (accepted->result != api::UpdateResult::kAccepted) return ended(*accepted, answer->text);
    if (options_.wait) return wait(accepted->id);
    print(is_json() ? answer->text : "queued: id " + visible(accepted->id));
    return kExitDone;
  }

  int ended(const api::UpdateAnswer& answer, const std::string& json) {
    print(is_json() ? json : result_of(answer));
    return exit_status_of(answer.result);
  }

  int wait(const std::string& id) {
    ProgressLine progress(is_json() ? ProgressStyle::kNone : style_of_terminal());
    if (!is_json()) progress.say("update " + visible(id));
    const auto waited = Wait(calls_, progress, options_.timeout).until_end(id);
    if (waited.status == kExitDone) return ended(waited.seen->view.ended.answer, waited.seen->text);
    if (is_json() && waited.seen) print(waited.seen->text);
    return complain(waited.status, waited.message);
  }

  /// The update in progress, or the next one.
  int wait_for_current() {
    Call call;
    call.path = api::kUpdateRoute;
    const auto answer = calls_.send_patiently(call);
    if (!answer || !answer->is_good()) return refused(answer);
    const auto status = api::status_from_json(answer->json);
    if (!status) return complain(kExitUnreachable, status.error().message);
    if (status->in_progress) return wait(status->in_progress->id);
    if (!status->queued.empty()) return wait(status->queued.front().id);
    return complain(kExitDone, "no update is in progress");
  }

  int cancel() {
    const auto answer = calls_.send({"DELETE", api::location_of(options_.id)});
    if (!answer || !answer->is_good()) return refused(answer);
    const auto view = api::view_from_json(answer->json);
    if (!view) return complain(kExitUnreachable, view.error().message);
    print(is_json() ? answer->text : text_of(*view));
    return kExitDone;
  }

  const Options& options_;
  Calls& calls_;
};

}  // namespace

int run(const Options& options, sidecar::Registry registry) {
  const Interrupt interrupt;
  auto server = find_server(options.connection, registry);
  if (!server) return complain(kExitUsage, server.error().message);
  Calls calls(std::move(*server), interrupt.token());
  return Commands(options, calls).run();
}

}  // namespace okg::client
