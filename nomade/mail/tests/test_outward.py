"""A link of a message that leads outside goes through a page that names the place."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine

from nomade.accounts.models import EndReason, Session
from nomade.accounts.testing import client_on
from nomade.kernel.clock import now
from nomade.mail.factories import raw_html, raw_letter
from nomade.mail.testing import Box
from nomade.mail.tests.test_reading import content_path, frame_of

TRAP = "https://nomades.paris.fr.voleur.example/entrer?a=1&b=%22%3E"


def led(page: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'href="(https?://[^"]+|mailto:[^"]+)"', page)]


def noticed(address: str) -> Any:
    parts = urlsplit(address)
    assert parts.netloc.startswith("contenu."), address
    return client_on("content").get(parts.path)


@pytest.fixture
def body(box: Box) -> str:
    """The frame of a message whose text says one place and whose link another."""
    links = f'<a href="{TRAP}">https://nomades.paris.fr</a> <a href="https://www.paris.fr/plan">plan</a>'
    (key,) = box.receive(raw_html(f'{links} <a href="mailto:a@b.fr">écrire</a> <a href="http://site.fr/">en clair</a>'))
    frame = frame_of(box.client.get(f"/messagerie/message/{key}/").content.decode())
    return str(client_on("content").get(content_path(frame)).content.decode())


def test_a_link_that_leads_outside_is_named_before_it_is_followed(body: str) -> None:
    trap, _ours, _mail, _plain = led(body)
    assert "voleur.example" not in body
    answer = noticed(trap)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<b>nomades.paris.fr.voleur.example</b>" in page
    assert led(page) == [TRAP], "one way out, written and never taken by itself"
    assert 'rel="noopener noreferrer nofollow"' in page and "Refresh" not in answer
    policy = answer["Content-Security-Policy"]
    assert "sandbox;" in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "Sans chiffrement" not in page


def test_our_own_places_and_addresses_of_mail_are_direct_and_a_plain_site_is_told(body: str) -> None:
    _trap, ours, mail, plain = led(body)
    assert (ours, mail) == ("https://www.paris.fr/plan", "mailto:a@b.fr")
    assert "Sans chiffrement" in noticed(plain).content.decode()


def test_a_link_of_a_plain_text_goes_the_same_way(box: Box) -> None:
    (key,) = box.receive(raw_letter(box.agent.login, text=f"Voir {TRAP} et https://paris.fr/plan"))
    page = box.client.get(f"/messagerie/message/{key}/").content.decode()
    found = [address for address in led(page) if "/courrier/lien/" in address]
    assert len(found) == 1 and 'href="https://paris.fr/plan"' in page
    assert led(noticed(found[0]).content.decode()) == [TRAP]


def test_the_page_is_no_way_to_send_people_anywhere(box: Box, body: str) -> None:
    trap = urlsplit(led(body)[0]).path
    other = client_on("content")
    assert other.get(trap[:-4] + "AAAA").status_code == 404
    assert other.get("/courrier/lien/" + trap.rpartition("/")[2] + "?u=https://evil.example").status_code == 200
    assert other.post(trap).status_code in (403, 405)
    with time_machine.travel(now() + timedelta(hours=12, minutes=1), tick=False):
        assert other.get(trap).status_code == 404
    Session.objects.all().end(EndReason.SIGN_OUT)
    assert other.get(trap).status_code == 404


def test_an_answer_quotes_the_address_itself(box: Box) -> None:
    (key,) = box.receive(raw_html(f'<p>Lisez <a href="{TRAP}">ceci</a></p>'))
    page = html.unescape(box.client.get(f"/messagerie/message/{key}/repondre/", follow=True).content.decode())
    assert "ceci" in page and "/courrier/lien/" not in page
