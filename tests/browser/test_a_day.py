"""One post, taken by six people in a real browser from the form to a scored, re-audited case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TITLE = "东湖花园工地拖欠工资"
TEXT = (
    "我们三十多名农民工在云岭县城一个工地干了八个月，包工头拖欠工资四十多万元，"
    "打电话一直不接。请人社局帮我们讨回工资。"
)


def press(page: Page, button: str) -> None:
    """Press a button of the panel of actions and wait for the answer."""
    page.locator("#actions").get_by_role("button", name=button, exact=True).click()
    page.get_by_role("status").filter(has_text="已完成").wait_for()


def test_a_post_becomes_a_scored_and_re_audited_case(people: People):
    duty = people.open("zhiban", "/posts/new")
    duty.get_by_label("标题").fill(TITLE)
    duty.get_by_label("正文").fill(TEXT)
    duty.get_by_label("平台").fill("云岭论坛")
    duty.get_by_role("button", name="登记", exact=True).click()
    # The page refreshes by itself until the worker has judged the post.
    duty.get_by_role("link", name="打开舆情件").click()
    duty.get_by_role("heading", name="我现在可以办").wait_for()
    case = duty.url.removeprefix(people.address)
    assert duty.locator(".page-actions .grade").inner_text() == "较大"
    assert duty.locator("article.post mark").count() > 0
    press(duty, "确认定级与责任单位")
    assert duty.get_by_role("button", name="交办", exact=True).count() == 0

    director = people.open("zhuren", case)
    press(director, "交办")
    assert "云网信交" in director.locator(".page-lead").inner_text()

    handler = people.open("renshe", "/work")
    handler.get_by_role("link", name=TITLE).first.click()
    press(handler, "签收")
    handler.locator("#actions").get_by_label("内容").first.fill("已到工地核实，正在联系施工单位。")
    press(handler, "报送首报")
    assert handler.get_by_role("button", name="签发答复").count() == 0

    head = people.open("renshe-juzhang", case)
    head.get_by_label("办结：问题已经解决").check()
    head.get_by_label("答复内容").fill("工资已发放。")
    press(head, "签发答复")

    supervisor = people.open("ducha", case)
    supervisor.locator("summary", has_text="退回重办").click()
    supervisor.locator("#send_back-reason").fill("没有说明发放人数和金额。")
    press(supervisor, "退回重办")
    head = people.open("renshe-juzhang", case)
    head.get_by_label("办结：问题已经解决").check()
    head.get_by_label("答复内容").fill("三十二名工人的工资四十一万元已于今日全部发放到账。")
    press(head, "签发答复")
    supervisor = people.open("ducha", case)
    press(supervisor, "验收通过")
    press(supervisor, "办结")

    inspector = people.open("mudu", "/work")
    inspector.get_by_role("link", name=TITLE).first.click()
    inspector.get_by_label("属实：问题已按答复解决").check()
    inspector.get_by_label("核查经过").fill("电话回访三人，均已收到工资。")
    press(inspector, "抽查")
    sheet = people.open("mudu", "/units/labour")
    assert "退回重办" in sheet.locator("main").inner_text()

    paper = _document(people, case)
    assert paper.startswith(b"%PDF")
    assert people.wrong == []


def test_a_text_is_explained_while_it_is_written_without_leaving_the_page_of_the_rules(people: People):
    page = people.open("zhuren", "/rules")
    page.get_by_label("正文").focus()
    page.keyboard.insert_text(TEXT[:20])  # no button is pressed
    page.locator("#tried mark").first.wait_for()
    page.keyboard.insert_text(TEXT[20:])
    page.locator("#tried").get_by_text("拖欠工资", exact=True).first.wait_for()
    page.locator("#tried-said").filter(has_text="较大").wait_for(state="attached")

    assert page.locator("#tried .is-met").count() > 0
    near = page.locator("#tried details:not([open]) > summary").last
    near.focus()
    page.keyboard.press("Enter")
    page.locator("#tried details[open] .is-missing").last.wait_for()
    page.get_by_label("正文").fill("")
    page.get_by_text("马上显示").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    assert page.url == f"{people.address}/rules"
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Rules", exact=True).wait_for()
    page.get_by_role("button", name="中文").click()  # the account remembers it
    page.get_by_role("heading", name="规则", exact=True).wait_for()
    assert people.wrong == []


def _document(people: People, case: str) -> bytes:
    """Return the dispatch slip, once the worker has made it."""
    page = people.page("renshe-juzhang")
    page.goto(case)
    for _ in range(40):
        link = page.locator('a[href*="/documents/"]')
        if link.count():
            answer = page.request.get(str(link.first.get_attribute("href")))
            assert answer.ok
            return bytes(answer.body())
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail("the dispatch slip was not made")
