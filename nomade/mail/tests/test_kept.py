"""What is written once for a list is written anew as soon as something that it shows changes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from nomade.mail.factories import raw_letter
from nomade.mail.models import Label
from nomade.mail.reading import kept
from nomade.mail.testing import Box

pytestmark = pytest.mark.parametrize("mail_server", ["dovecot"], indirect=True)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def lines_of(page: str) -> str:
    return page[page.index('id="mail-lines"') : page.index("</ul>", page.index('id="mail-lines"'))]


def test_a_second_visit_shows_the_same_lines_with_a_token_of_its_own(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    box.receive(*[raw_letter(box.agent.login, subject=f"Lettre {number}") for number in range(3)])
    first = box.client.get("/messagerie/").content.decode()
    written: list[str] = []
    keep = kept.Kept.keep

    def noted(self: kept.Kept, part: str, html: object) -> object:
        written.append(part)
        return keep(self, part, html)  # type: ignore[arg-type]

    monkeypatch.setattr(kept.Kept, "keep", noted)
    second = box.client.get("/messagerie/").content.decode()
    assert written == []
    assert lines_of(first) == lines_of(second)
    assert not set(TOKEN.findall(first)) & set(TOKEN.findall(second)), "tokens are masked anew at each visit"
    assert TOKEN.search(lines_of(second)) is None


def test_a_flag_a_label_and_a_new_message_are_seen_at_the_next_visit(box: Box) -> None:
    (key,) = box.receive(raw_letter(box.agent.login, subject="Plan"))
    assert "mail-line--unread" in box.client.get("/messagerie/").content.decode()
    box.client.post("/messagerie/actions/", {"action": f"lire:{key}"})
    assert "mail-line--unread" not in box.client.get("/messagerie/").content.decode()
    label = Label.objects.create(agent=box.agent, keyword="urgent1", name="Urgent", colour="red")
    box.client.post("/messagerie/actions/", {"action": f"etiqueter:{key}", "etiquette": label.keyword})
    assert "Urgent" in lines_of(box.client.get("/messagerie/").content.decode())
    Label.objects.filter(pk=label.pk).update(name="Brûlant")
    assert "Brûlant" in lines_of(box.client.get("/messagerie/").content.decode())
    box.receive(raw_letter(box.agent.login, subject="Arrivé depuis"))
    assert "Arrivé depuis" in lines_of(box.client.get("/messagerie/").content.decode())


def test_the_lines_of_one_agent_are_never_shown_to_another(box: Box, make_box: Callable[[], Box]) -> None:
    other = make_box()
    box.receive(raw_letter(box.agent.login, subject="À moi"))
    other.receive(raw_letter(other.agent.login, subject="À l’autre"))
    for _visit in range(2):
        assert "À l’autre" not in box.client.get("/messagerie/").content.decode()
        assert "À moi" not in other.client.get("/messagerie/").content.decode()


def test_what_is_kept_has_a_limit(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_CHARACTERS", 1)
    box.receive(raw_letter(box.agent.login))
    assert "Plan de charge" in box.client.get("/messagerie/").content.decode()
    assert len(kept._kept) == 1
