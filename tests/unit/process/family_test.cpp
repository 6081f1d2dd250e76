#include "process/family.hpp"

#include <gtest/gtest.h>

namespace okg::process {
namespace {

struct Kin {
  pid_t pid;
  pid_t parent;
  std::uint64_t mounts = 0;  ///< 0: not known
  pid_t session = 0;
  std::uint64_t start = 0;
  std::string pod{};
};

std::vector<Observed> table_of(const std::vector<Kin>& rows) {
  std::vector<Observed> table;
  for (const auto& row : rows) {
    auto& each = table.emplace_back();
    each.process.pid = row.pid;
    each.process.parent = row.parent;
    each.process.session = row.session;
    each.process.start_ticks = row.start;
    if (row.mounts != 0) each.details.mount_namespace = row.mounts;
    each.details.pod = row.pod;
  }
  return table;
}

/// What is said of the process `pid`.
Origin origin_of(pid_t pid, const std::vector<Kin>& rows) {
  const auto table = table_of(rows);
  const Family family(table);
  return family.origin_of(*family.find(pid));
}

TEST(Descends, goes_up_to_the_first) {
  const auto table = table_of({{1, 0}, {2, 1}, {3, 2}, {9, 1}});
  const Family family(table);
  EXPECT_TRUE(family.descends(3, 1));
  EXPECT_TRUE(family.descends(3, 2));
  EXPECT_FALSE(family.descends(3, 9));
  EXPECT_FALSE(family.descends(2, 3));
}

TEST(Descends, is_so_of_itself) {
  const auto table = table_of({{2, 1}});
  EXPECT_TRUE(Family(table).descends(2, 2));
}

TEST(Descends, comes_to_an_end_in_a_circle) {
  const auto table = table_of({{2, 3}, {3, 2}, {4, 1}});
  EXPECT_FALSE(Family(table).descends(2, 4));
}

TEST(Find, knows_those_of_the_table_alone) {
  const auto table = table_of({{2, 1}});
  const Family family(table);
  EXPECT_EQ(family.find(2), table.data());
  EXPECT_EQ(family.find(1), nullptr);
}

TEST(OriginOf, is_the_container_of_its_first_process_and_what_that_started) {
  const std::vector<Kin> rows{{10, 0, 7}, {11, 10, 7}};
  EXPECT_EQ(origin_of(10, rows), Origin::kContainer);
  EXPECT_EQ(origin_of(11, rows), Origin::kContainer);
}

TEST(OriginOf, is_exec_of_what_came_later_from_outside) {
  const std::vector<Kin> rows{{10, 0, 7, 0, 100}, {20, 0, 7, 0, 200}, {21, 20, 7, 0, 201}};
  EXPECT_EQ(origin_of(20, rows), Origin::kExec);
  EXPECT_EQ(origin_of(21, rows), Origin::kExec);
  EXPECT_EQ(origin_of(10, rows), Origin::kContainer);
}

TEST(OriginOf, is_the_container_of_the_first_process_of_another_container) {
  EXPECT_EQ(origin_of(20, {{10, 0, 7, 0, 100}, {20, 0, 8, 0, 200}}), Origin::kContainer);
}

TEST(OriginOf, is_the_container_where_nothing_is_known_of_mounts) {
  EXPECT_EQ(origin_of(20, {{10, 0, 0, 0, 100}, {20, 0, 0, 0, 200}}), Origin::kContainer);
}

/// A pod whose containers share their processes: pause is the parent of orphans.
std::vector<Kin> shared_with(const Kin& orphan, const std::vector<Kin>& more = {}) {
  std::vector<Kin> rows{{1, 0, 1, 1, 0, "p"}, {10, 0, 7, 10, 100, "p"}, orphan};
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

TEST(OriginOf, is_unknown_of_an_orphan_whose_session_has_no_leader) {
  EXPECT_EQ(origin_of(30, shared_with({30, 1, 7, 99, 300, "p"})), Origin::kUnknown);
}

TEST(OriginOf, is_that_of_the_leader_of_an_orphan_s_session) {
  EXPECT_EQ(origin_of(30, shared_with({30, 1, 7, 10, 300, "p"})), Origin::kContainer);
  EXPECT_EQ(origin_of(30, shared_with({30, 1, 7, 20, 300, "p"}, {{20, 0, 7, 20, 200, "p"}})),
            Origin::kExec);
}

}  // namespace
}  // namespace okg::process
