#include "reference/errors_page.hpp"

#include <array>
#include <optional>
#include <string_view>

#include "base/reason.hpp"
#include "reference/reason_texts.hpp"

namespace okg::reference {
namespace {

struct Words {
  std::string_view title;
  std::string_view introduction;
  std::string_view cause;
  std::string_view cure;
  std::array<std::string_view, 8> groups;  ///< in the order of ReasonGroup
};

constexpr Words kErrorsEnglish{
    "# Reasons",
    "Whatever is not well has a `reason`: one of the words below, for programs to match; the "
    "`message`\n"
    "beside it is for people and may change. A reason stands in every answer that is not 2xx, in\n"
    "`results`, `missing` and `recordErrorReason` of `GET /hot-update`, in `warnings`, in the "
    "pod's\n"
    "annotation and its entry of the ConfigMap, in the metrics and in the log. `/readyz` shows it "
    "to\n"
    "callers who may read. A later release may add reasons: treat one that you do not know like\n"
    "`InternalError`.\n"
    "\n"
    "`GET /hot-update/processes` has sentences under the name `reason`.\n"
    "\n"
    "In Chinese: [zh/errors.md](zh/errors.md). This page is written by `./scripts/reference` from\n"
    "`src/reference/reason_texts.cpp`.",
    "What happened: ",
    "What to do: ",
    {"The request", "The queue and the sidecar", "The source", "The content", "The disk",
     "The game", "The API server", "Warnings: the update stands, and somebody should look"}};

constexpr Words kErrorsChinese{
    "# 原因（reason）",
    "凡是不正常的地方都带有 `reason`：下列单词之一，供程序判断；旁边的 "
    "`message` 供人阅读，措辞可能变化。\n"
    "`reason` 出现在所有非 2xx 的应答、`GET /hot-update` 的 "
    "`results`、`missing` 与 `recordErrorReason`、\n"
    "`warnings`、pod 的注解与 ConfigMap 条目、指标和日志中；`/readyz` "
    "只向有读取权限的调用方显示。\n"
    "后续版本可能增加新的 `reason`，遇到不认识的请按 `InternalError` 处理。\n"
    "\n"
    "`GET /hot-update/processes` 里的 `reason` 是句子。\n"
    "\n"
    "英文版：[../errors.md](../errors.md)。本页由 `./scripts/reference` 根据 "
    "`src/reference/reason_texts.cpp` 生成。",
    "发生了什么：",
    "如何处理：",
    {"请求", "队列与 sidecar", "源站", "内容", "磁盘", "游戏服", "API server",
     "警告：更新已生效，但需要有人查看"}};

}  // namespace

std::string errors_page(Language language) {
  const auto& words = language == Language::kChinese ? kErrorsChinese : kErrorsEnglish;
  std::string page = std::string(words.title) + "\n\n" + std::string(words.introduction) + "\n";
  std::optional<ReasonGroup> group;
  for (const auto& each : reason_texts()) {
    if (group != each.group)
      page += "\n## " + std::string(words.groups.at(static_cast<std::size_t>(each.group))) + "\n";
    group = each.group;
    const auto& text = language == Language::kChinese ? each.chinese : each.english;
    page += "\n### " + std::string(to_string(each.reason)) + "\n\n" + std::string(words.cause) +
            std::string(text.cause) + "\n\n" + std::string(words.cure) + std::string(text.cure) +
            "\n";
  }
  return page;
}

}  // namespace okg::reference
