"""One word for one thing in the Chinese pages, as the users' documentation has it where it has one."""

import json
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.zh.md", *sorted((ROOT / "docs/zh").rglob("*.md"))]
# The word to write, and patterns of those that would be a second word for it.
WORDS = {
    "信号量": "信号(?!量)",
    "游戏服": "(?<!示例)(?<!各类)(?<!你的)(?<!小)游戏(?!服|镜像|更新往往|中还)",
    "token": "令牌|(?<![A-Za-z])Token(?![A-Za-z])",
    "注解": "(?<![A-Za-z])annotations?(?![A-Za-z])",
    "pod": "Pods?(?![A-Za-z])|(?<![A-Za-z_])POD(?![A-Za-z_])|容器组",
    "sidecar": "边车|侧车",
    "权能": "能力",
    "目录": "文件夹",
    "压缩包": "归档",
    "插件": "(?<![A-Za-z])plugins?(?![A-Za-z])",
    "服务账号": "(?<![A-Za-z])ServiceAccount(?![A-Za-z])|服务账户",
    "命名空间": "(?<![A-Za-z])namespace(?![A-Za-z])|名字空间",
    "源站": "下载源|源头",
    "重定向": "跳转",
    "应答": "响应",
    "凭据": "凭证",
}


def prose(text):
    """Its sentences: no code, no addresses of links."""
    text = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.M | re.S)
    text = re.sub(r"\n\n(?:    .*\n)+", "\n\n", text)
    return re.sub(r"`[^`\n]*`|\]\([^)]*\)", "` `", text)


def other_words(text):
    return [f"{found!r}: write {word!r}" for word, pattern in WORDS.items() for found in re.findall(f".{{0,8}}(?:{pattern}).{{0,8}}", text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_chinese_page_has_one_word_for_one_thing(page):
    assert other_words(prose(page.read_text())) == []


def test_the_chinese_dashboard_has_them_too():
    board = json.loads((ROOT / "deploy/monitoring/dashboard.zh.json").read_text())
    texts = [panel.get(key, "") for panel in board["panels"] for key in ("title", "description")]
    assert other_words("\n".join(prose(each) for each in [board["title"], *texts])) == []
