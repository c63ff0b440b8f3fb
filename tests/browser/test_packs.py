"""A change of the rules, taken by two people in a real browser from the first word to force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.people import People

pytestmark = pytest.mark.browser

TEXT = "楼道灯坏了三天，老人摔了一跤，请尽快修。"


def save(page: Page, button: str, said: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("status").filter(has_text=said).wait_for()


def test_two_people_bring_a_change_of_the_rules_into_force(people: People):
    author = people.open("zhiban", "/packs")
    author.locator("summary", has_text="起草新的一版").click()
    author.locator("form[action='/packs/new']").get_by_label("要改什么").fill("补充一条说明")
    save(author, "建立草稿", "草稿已建立")
    draft = author.url.removeprefix(people.address)

    editor = author.locator("#pack-text")
    whole = editor.input_value()
    editor.fill(whole.replace("status: active", "status: activ", 1))
    wrong = author.locator("#checked a.to-line").first
    wrong.wait_for()
    assert "是不是想写「active」" in author.locator("#checked").inner_text()
    editor.evaluate("field => { field.scrollTop = field.scrollHeight; }")
    wrong.press("Enter")  # jumps to the line, by the keyboard
    chosen = editor.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert chosen.startswith("activ")
    editor.fill(f"# 试改一处\n{whole}")
    author.get_by_label("正文").fill(TEXT)
    author.locator("#tried-beside .pack-sides").wait_for()
    assert author.locator("#tried-beside h3.sub", has_text="现行规则").count() == 1
    save(author, "保存并检查", "检查通过")

    author.get_by_role("link", name="回测与试运行").click()
    author.get_by_role("button", name="开始回测").click()
    author.get_by_text("用时").wait_for()  # the page shows the result by itself
    assert "未能比对" in author.locator("#backtest").inner_text()

    author.get_by_role("link", name="审批、发布与经过").click()
    save(author, "提交审批", "等待另一人审批")
    assert author.get_by_role("button", name="批准", exact=True).count() == 0
    assert "不能审批自己的规则" in author.locator("#actions").inner_text()

    director = people.open("zhuren", f"{draft.partition('?')[0]}/decision")
    save(director, "批准", "已批准")
    save(director, "发布生效", "已发布并生效")
    people.open("zhuren", "/packs")
    assert "demo@2" in director.locator("#stored tr", has_text="现行").first.inner_text()
    assert people.wrong == []
