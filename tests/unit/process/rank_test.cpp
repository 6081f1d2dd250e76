// Snapshots of pods, as tables: who is there, and who of them is the game.
#include "process/rank.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <sstream>

namespace okg::process {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr pid_t kSelf = 500;
constexpr std::uint64_t bit(int signal) {
  return std::uint64_t{1} << static_cast<unsigned>(signal - 1);
}

/// One line of a snapshot. Arguments are divided by spaces.
struct Row {
  pid_t pid;
  pid_t parent;
  std::string comm;
  std::string command_line;
  std::uint64_t caught = bit(SIGHUP);
  bool has_terminal = false;
  std::uint64_t mounts = 0;  ///< 0: not known
  std::string container{};
  uid_t user = 0;
  pid_t session = 0;
  std::string pod{};
};

Observed observed(const Row& row) {
  Observed each;
  each.process.pid = each.process.thread = row.pid;
  each.process.parent = row.parent;
  each.process.comm = row.comm;
  each.process.command_line = row.command_line;
  std::istringstream words(row.command_line);
  for (std::string word; words >> word;) each.process.arguments.push_back(word);
  if (!each.process.arguments.empty()) {
    const auto& argv0 = each.process.arguments.front();
    each.process.argv0_base = argv0.substr(argv0.rfind('/') + 1);
  }
  each.process.has_terminal = row.has_terminal;
  each.process.session = row.session;
  each.details.pod = row.pod;
  each.process.start_ticks = static_cast<std::uint64_t>(row.pid);
  each.details.caught = row.caught;
  each.details.user = row.user;
  each.details.container = row.container;
  if (row.mounts > 0) each.details.mount_namespace = row.mounts;
  return each;
}

Ranking ranked(const std::vector<Row>& rows, Criteria criteria) {
  std::vector<Observed> table;
  for (const auto& row : rows) table.push_back(observed(row));
  criteria.self = kSelf;
  return rank(table, criteria);
}

std::vector<pid_t> pids(const Ranking& ranking) {
  std::vector<pid_t> all;
  for (const auto& each : ranking.chosen()) all.push_back(each.process.pid);
  return all;
}

std::vector<pid_t> found(const std::vector<Row>& rows, std::string name, int signal = SIGHUP) {
  return pids(ranked(rows, {.name = std::move(name), .signal = signal}));
}

std::string reason(const Ranking& ranking, pid_t pid) {
  for (const auto& each : ranking.candidates)
    if (each.process.pid == pid) return each.reason;
  return "not listed";
}

std::vector<Row> nginx_pod() {
  return {{1, 0, "pause", "/pause"},
          {7, 1, "nginx", "nginx: master process nginx -g daemon off;"},
          {30, 7, "nginx", "nginx: worker process"},
          {31, 7, "nginx", "nginx: worker process"},
          {kSelf, 1, "okg-sidecar", "/okg-sidecar run"}};
}

struct Case {
  const char* what;
  std::string name;
  std::vector<Row> rows;
  std::vector<pid_t> chosen;
};

class Snapshot : public testing::TestWithParam<Case> {};

TEST_P(Snapshot, has_one_game) {
  const auto& each = GetParam();
  EXPECT_EQ(found(each.rows, each.name), each.chosen) << each.what;
}

INSTANTIATE_TEST_SUITE_P(
    Titles, Snapshot,
    testing::Values(
        Case{"the users' processName is nginx's master",
             "nginx: master process nginx",
             nginx_pod(),
             {7}},
        Case{"nginx is the master and not its workers", "nginx", nginx_pod(), {7}},
        Case{
            "every worker, when workers are named", "nginx: worker process", nginx_pod(), {30, 31}},
        Case{"nobody has that name", "apache", nginx_pod(), {}},
        Case{"an empty name means nobody", "", nginx_pod(), {}},
        Case{"the case counts", "NGINX", nginx_pod(), {}},
        Case{"an equal command line before everything",
             "game",
             {{2, 1, "game", "/bin/game --map"}, {3, 1, "other", "game"}, {4, 1, "x", "game two"}},
             {3}},
        Case{"the program's name before the beginning of a command line",
             "game",
             {{2, 1, "sh", "game-wrapper x"},
              {3, 1, "thread-1", "/opt/game -x"},
              {4, 1, "game", "./run"}},
             {3, 4}},
        Case{"whole arguments at the beginning before an argument behind it",
             "python3 server.py",
             {{2, 1, "python3", "python3 server.py --port 1"},
              {3, 1, "python3", "python3 server.py.bak"}},
             {2}},
        Case{"an argument before the beginning of a word",
             "server.py",
             {{2, 1, "x", "server.pyc run"}, {3, 1, "python3", "python3 -u /app/server.py"}},
             {3}},
        Case{"the script of an interpreter before an argument of another script",
             "server.py",
             {{2, 1, "python3", "python3 launcher.py server.py"},
              {3, 2, "python3.11", "/usr/bin/python3.11 -X dev -u server.py --port 1"},
              {4, 1, "python3", "python3 -c import_time /etc/server.py"},
              {5, 1, "tail", "tail -f server.py"}},
             {3}},
        Case{"a module, as its interpreter names it",
             "lobby.server",
             {{2, 1, "python3", "python3 -m lobby.server"},
              {3, 1, "python3", "python3 watch.py lobby.server"}},
             {2}},
        Case{"a jar before what is given to another one",
             "game.jar",
             {{2, 1, "java", "java -cp lib -jar /app/game.jar"},
              {3, 1, "java", "java -jar agent.jar game.jar"}},
             {2}},
        Case{"an argument, where no match is a script",
             "server.exe",
             {{2, 1, "wine64", "wine64 server.exe"}},
             {2}},
        Case{"the beginning of a word before its middle",
             "game",
             {{2, 1, "sh", "sh xgame"}, {3, 1, "g", "games -x"}},
             {3}},
        Case{"a part where there is nothing better",
             "game",
             {{2, 1, "java", "java -jar mygame.jar"}, {3, 1, "sh", "sh"}},
             {2}},
        Case{"an option's value is only a part",
             "server.py",
             {{2, 1, "agent", "agent --watch=/app/server.py"},
              {3, 1, "python3", "python3 server.py"}},
             {3}},
        Case{"the end of a URL is only a part",
             "server.py",
             {{2, 1, "curl", "curl http://h/server.py"}, {3, 1, "python3", "python3 server.py"}},
             {3}},
        Case{"a title that was set",
             "my game: main",
             {{2, 1, "game", "my game: main (map 7)"}},
             {2}},
        Case{"two masters, by pid",
             "nginx",
             {{90, 1, "nginx", "nginx: master process nginx -c other"},
              {7, 1, "nginx", "nginx: master process nginx"}},
             {7, 90}},
        Case{"a grandchild of a match is a descendant",
             "game",
             {{2, 1, "game", "game a"}, {3, 2, "sh", "sh"}, {4, 3, "game", "game b"}},
             {2}},
        Case{"parents in a circle", "a", {{2, 3, "a", "a"}, {3, 2, "b", "b"}}, {2}}));

INSTANTIATE_TEST_SUITE_P(
    Wrappers, Snapshot,
    testing::Values(
        Case{"tini",
             "server.py",
             {{1, 0, "tini", "tini -- python3 server.py"}, {7, 1, "python3", "python3 server.py"}},
             {7}},
        Case{"tini, and a game that does not handle the signal (yet)",
             "server.py",
             {{1, 0, "tini", "tini -- python3 server.py"},
              {7, 1, "python3", "python3 server.py", 0}},
             {7}},
        Case{"a shell",
             "server.py",
             {{1, 0, "sh", "sh -c python3 server.py | tee log"},
              {7, 1, "python3", "python3 server.py"},
              {8, 1, "tee", "tee log"}},
             {7}},
        Case{"screen, and its game has a terminal",
             "server.py",
             {{5, 1, "screen", "SCREEN -dmS game python3 server.py"},
              {7, 5, "python3", "python3 server.py", bit(SIGHUP), true}},
             {7}},
        Case{"a server that forks keeps its own arguments",
             "gunicorn",
             {{5, 1, "gunicorn", "python3 /bin/gunicorn app"},
              {7, 5, "gunicorn", "python3 /bin/gunicorn app"}},
             {5}},
        Case{"a program whose child only ends alike",
             "game",
             {{5, 1, "game", "/opt/game run"}, {7, 5, "game", "/opt/game run --worker"}},
             {5}}));

INSTANTIATE_TEST_SUITE_P(
    Bystanders, Snapshot,
    testing::Values(
        Case{"tail -f of a log of that name",
             "server.py",
             {{5, 1, "python3", "python3 server.py"}, {6, 1, "tail", "tail -f server.py.log", 0}},
             {5}},
        Case{"an editor in a terminal",
             "server.py",
             {{5, 1, "python3", "python3 server.py"},
              {6, 1, "vim", "vim server.py", bit(SIGHUP), true}},
             {5}},
        Case{"an editor, while the game does not handle the signal yet",
             "server.py",
             {{5, 1, "python3", "python3 server.py", 0},
              {6, 1, "vim", "vim server.py", bit(SIGHUP), true}},
             {5}},
        Case{"a script of the game's name starts it, and traps the signal",
             "game",
             {{5, 1, "game", "/bin/sh /app/game"}, {6, 5, "game", "/app/bin/game --port 1"}},
             {6}},
        Case{"the same, and the game does not handle the signal: it is named",
             "game",
             {{5, 1, "game", "/bin/sh /app/game", 0}, {6, 5, "game", "/app/bin/game", 0}},
             {6}},
        Case{"a script is the game, and its workers have a title",
             "game",
             {{5, 1, "game", "/usr/bin/python3 /app/game"}, {6, 5, "game", "game: worker"}},
             {5}},
        Case{"a program that does not handle the signal",
             "server.py",
             {{5, 1, "python3", "python3 server.py"}, {6, 1, "grep", "grep x server.py", 0}},
             {5}},
        Case{"nobody handles it: all are meant, and refused",
             "server.py",
             {{5, 1, "runner", "runner server.py", 0}, {6, 1, "grep", "grep x server.py", 0}},
             {5, 6}},
        Case{"the game alone, with a terminal (tty: true)",
             "game",
             {{5, 1, "game", "game", bit(SIGHUP), true}},
             {5}}));

INSTANTIATE_TEST_SUITE_P(Never, Snapshot,
                         testing::Values(Case{"the sidecar and what it started",
                                              "game",
                                              {{kSelf, 1, "okg-sidecar", "okg-sidecar --for game"},
                                               {501, kSelf, "sh", "sh -c x"},
                                               {502, 501, "game", "game"}},
                                              {}},
                                         Case{"a better match among the sidecar's children",
                                              "game",
                                              {{501, kSelf, "game", "game"},
                                               {9, 1, "sh", "sh game"},
                                               {kSelf, 1, "okg-sidecar", "x"}},
                                              {9}},
                                         Case{"another okg-sidecar",
                                              "game",
                                              {{9, 1, "okg-sidecar", "okg-sidecar --config game"}},
                                              {}},
                                         Case{"kubectl exec",
                                              "game",
                                              {{7, 0, "game", "game", bit(SIGHUP), false, 700},
                                               {9, 0, "bash", "bash", 0, true, 700},
                                               {10, 9, "game", "game", bit(SIGHUP), true, 700}},
                                              {7}},
                                         Case{"a game with a terminal beside kubectl exec",
                                              "game",
                                              {{7, 0, "game", "game", bit(SIGHUP), true, 700},
                                               {9, 0, "game", "game", bit(SIGHUP), true, 700}},
                                              {7}},
                                         Case{"the first processes of two containers",
                                              "game",
                                              {{7, 0, "game", "game", bit(SIGHUP), false, 700},
                                               {9, 0, "game", "game", bit(SIGHUP), false, 800}},
                                              {7, 9}},
                                         Case{"containers that cannot be told apart",
                                              "game",
                                              {{1, 0, "pause", "pause"}, {9, 0, "game", "game"}},
                                              {9}}));

TEST(Rank, says_why_each_was_chosen_or_not) {
  const auto ranking = ranked({{5, 1, "python3", "python3 server.py"},
                               {6, 1, "tail", "tail -f server.py.log", 0},
                               {7, 1, "vim", "vim server.py", bit(SIGHUP), true},
                               {8, 1, "grep", "grep x server.py", 0},
                               {9, 5, "python3", "python3 server.py"},
                               {10, 1, "python3", "python3 /old/server.py", 0},
                               {kSelf, 1, "okg-sidecar", "okg-sidecar server.py"}},
                              {.name = "server.py", .signal = SIGHUP});
  EXPECT_EQ(reason(ranking, 5), "one of its arguments is the name");
  EXPECT_THAT(reason(ranking, 6), HasSubstr("only a part of its command line"));
  EXPECT_THAT(reason(ranking, 7), HasSubstr("has a terminal"));
  EXPECT_THAT(reason(ranking, 8), HasSubstr("another match runs it as its script"));
  EXPECT_EQ(reason(ranking, 9), "it was started by process 5");
  EXPECT_THAT(reason(ranking, 10), HasSubstr("does not handle the signal"));
  EXPECT_THAT(reason(ranking, kSelf), HasSubstr("is the sidecar"));
  EXPECT_EQ(ranking.candidates.front().process.pid, 5);
}

TEST(Rank, does_not_ask_who_handles_a_signal_when_none_is_sent) {
  EXPECT_THAT(found({{5, 1, "game", "game a", 0}, {6, 1, "game", "game b"}}, "game", 0),
              ElementsAre(5, 6));
}

/// A pod's first process, its game in a container of its own, and one more process.
std::vector<Row> pod_with(const Row& orphan, pid_t leader = 0) {
  std::vector<Row> rows{{1, 0, "pause", "/pause", 0, false, 100},
                        {7, 0, "game", "game --port 1", bit(SIGHUP), false, 700},
                        orphan};
  rows.back().session = leader;
  for (auto& row : rows) row.pod = "p";
  return rows;
}

const Row kOrphan{20, 1, "game", "game --check", bit(SIGHUP), false, 700};

TEST(Rank, prefers_the_containers_own_to_an_orphan_that_nobody_knows) {
  const auto ranking = ranked(pod_with(kOrphan, 20), {.name = "game", .signal = SIGHUP});
  EXPECT_THAT(pids(ranking), ElementsAre(7));
  EXPECT_THAT(reason(ranking, 20), HasSubstr("`kubectl exec` left behind"));
  EXPECT_TRUE(ranking.candidates.at(1).is_rival);
}

TEST(Rank, takes_an_orphan_for_a_daemon_where_nothing_else_matches) {
  auto rows = pod_with(kOrphan, 20);
  rows[1].comm = rows[1].command_line = "entrypoint";
  const auto ranking = ranked(rows, {.name = "game", .signal = SIGHUP});
  EXPECT_THAT(pids(ranking), ElementsAre(20));
  EXPECT_EQ(ranking.candidates[0].origin, Origin::kUnknown);
  EXPECT_THAT(reason(ranking, 20), HasSubstr("who started it has ended"));
}

TEST(Rank, prefers_an_orphan_that_handles_the_signal_to_one_that_does_not) {
  auto rows = pod_with(kOrphan, 20);
  rows[1].caught = 0;
  EXPECT_THAT(found(rows, "game"), ElementsAre(20));
}

TEST(Rank, knows_an_orphan_by_the_container_that_leads_its_session) {
  EXPECT_THAT(found(pod_with(kOrphan, 7), "game"), ElementsAre(7, 20));
}

TEST(Rank, knows_an_orphan_by_the_kubectl_exec_that_leads_its_session) {
  auto rows = pod_with(kOrphan, 9);
  rows.push_back({9, 0, "sh", "sh", 0, false, 700});
  const auto ranking = ranked(rows, {.name = "game", .signal = SIGHUP});
  EXPECT_THAT(pids(ranking), ElementsAre(7));
  EXPECT_THAT(reason(ranking, 20), HasSubstr("`kubectl exec` or a probe started it"));
}

TEST(Rank, knows_of_no_orphans_outside_of_pods) {
  auto rows = pod_with(kOrphan, 20);
  for (auto& row : rows) row.pod.clear();
  EXPECT_THAT(found(rows, "game"), ElementsAre(7, 20));
}

TEST(Rank, takes_a_game_in_a_sandbox_of_its_container_for_no_orphan) {
  auto game = kOrphan;
  game.parent = 7;
  game.mounts = 701;
  auto rows = pod_with(game, 20);
  rows[1].comm = rows[1].command_line = "bwrap";
  EXPECT_EQ(ranked(rows, {.name = "game"}).candidates.at(0).origin, Origin::kContainer);
}

TEST(Rank, knows_an_orphan_of_its_own_containers_first_process) {
  auto orphan = kOrphan;
  orphan.parent = 7;
  orphan.command_line = "./game";
  auto rows = pod_with(orphan, 20);
  rows[1].comm = rows[1].command_line = "tini";
  const auto ranking = ranked(rows, {.name = "game", .signal = SIGHUP});
  EXPECT_EQ(ranking.candidates.at(0).origin, Origin::kContainer);
}

TEST(Rank, says_that_a_process_is_stopped) {
  auto game = observed({5, 1, "game", "game"});
  game.process.is_stopped = true;
  EXPECT_THAT(rank({game}, {.name = "game", .self = kSelf}).candidates.at(0).reason,
              HasSubstr("it is stopped"));
}

TEST(Rank, keeps_to_the_user_that_is_asked_for) {
  Row mine{5, 1, "game", "game"};
  mine.user = 1000;
  const auto ranking =
      ranked({mine, {6, 1, "game", "game"}}, {.name = "game", .user = {1000, "signal.user"}});
  EXPECT_THAT(pids(ranking), ElementsAre(5));
  EXPECT_EQ(reason(ranking, 6), "it runs as user 0, not as signal.user 1000");
}

TEST(Rank, keeps_to_the_container_that_is_asked_for) {
  Row game{5, 1, "game", "game"};
  game.container = "game";
  Row metrics{6, 1, "game", "game"};
  metrics.container = "metrics";
  const auto ranking = ranked({game, metrics, {7, 1, "game", "game"}},
                              {.name = "game", .container = {"game", "signal.container"}});
  EXPECT_THAT(pids(ranking), ElementsAre(5));
  EXPECT_THAT(reason(ranking, 6), HasSubstr("it is in container 'metrics'"));
  EXPECT_THAT(reason(ranking, 7), HasSubstr("nobody knows which container"));
}

TEST(Rank, takes_the_beginning_of_a_container_id_too) {
  auto game = observed({5, 1, "game", "game"});
  game.details.container_id = std::string(64, 'a');
  EXPECT_THAT(
      pids(rank({game}, {.name = "game", .container = {std::string(12, 'a')}, .self = kSelf})),
      ElementsAre(5));
  EXPECT_THAT(
      pids(rank({game}, {.name = "game", .container = {std::string(11, 'a')}, .self = kSelf})),
      IsEmpty());
}

TEST(Rank, names_another_pod_and_the_cure) {
  auto self = observed({kSelf, 1, "okg-sidecar", "okg-sidecar"});
  auto other = observed({6, 1, "game", "game"});
  other.details.pid_namespaces = 2;
  const auto ranking = rank({self, other}, {.name = "game", .self = kSelf});
  EXPECT_THAT(pids(ranking), IsEmpty());
  EXPECT_THAT(reason(ranking, 6), HasSubstr("another pod"));
  EXPECT_THAT(reason(ranking, 6), HasSubstr("shareProcessNamespace: true"));
}

TEST(Rank, lists_the_nearest_titles_when_nothing_matches) {
  const auto ranking =
      ranked({{7, 1, "nginx", "nginx: master process /usr/sbin/nginx -g daemon off;"},
              {9, 1, "redis", "redis-server *:6379"},
              {kSelf, 1, "okg-sidecar", "nginx: master process"}},
             {.name = "nginx: master process nginx"});
  ASSERT_EQ(ranking.candidates.size(), 1U);
  EXPECT_EQ(ranking.candidates[0].process.pid, 7);
  EXPECT_FALSE(ranking.matches());
  EXPECT_THAT(pids(ranking), IsEmpty());
}

TEST(ProcessOutsideOfThePod, is_seen_with_host_pid_only) {
  auto self = observed({kSelf, 1, "okg-sidecar", "okg-sidecar"});
  auto init = observed({1, 0, "systemd", "/sbin/init"});
  init.details.cgroup = "/init.scope";
  EXPECT_FALSE(process_outside_of_the_pod({init, self}, kSelf)) << "no pod, no hostPID";
  self.details.pod = "0f5dd7a1-6ee3-4ee6-8b2f-0d8a4b6a9f11";
  self.details.cgroup = "/kubepods/pod" + self.details.pod + "/x";
  ASSERT_TRUE(process_outside_of_the_pod({init, self}, kSelf));
  EXPECT_EQ(process_outside_of_the_pod({init, self}, kSelf)->pid, 1);
  auto pause = observed({1, 0, "pause", "/pause"});
  pause.details.pod = self.details.pod;
  EXPECT_FALSE(process_outside_of_the_pod({pause, self}, kSelf));
}

}  // namespace
}  // namespace okg::process
