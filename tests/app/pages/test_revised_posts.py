"""An edited post shows both wordings on every page where it is read."""

from __future__ import annotations

from casework.access import CountyId, machine
from casework.desk.receive import Received, receive_post
from casework.intake import IncomingPost
from casework.roles import Role
from tests.page_kit import Desks


def test_both_wordings_are_shown_on_the_case_the_post_and_the_desk(desks: Desks):
    def hand_over(text: str) -> Received:
        with desks.web.home.transactions.write(machine(CountyId(desks.county))) as uow:
            return receive_post(uow, IncomingPost("form", text, title="路灯坏了", external_id="a-1"))

    post_id = hand_over("小区路灯坏了半个月。").post_id
    desks.triaged()
    assert hand_over("小区路灯坏了半个月，<b>昨晚有人</b>摔伤。").is_revised

    duty = desks.person(Role.DUTY_OFFICER)
    pages = [duty.get(address).text for address in (f"/cases/{desks.case_of(post_id)}", f"/posts/{post_id}")]
    item = duty.get("/desk?kind=revised").text
    assert "来文有修改" in item
    for page in pages:
        assert "来文有修改（手工登记），新旧文字都已保留" in page
        assert "小区路灯坏了半个月，&lt;b&gt;昨晚有人&lt;/b&gt;摔伤。" in page
