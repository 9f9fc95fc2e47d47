"""Pages travel compressed, but where their size could tell what they hold."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from django.test import Client

from nomade.accounts.testing import client_on
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
OURS = {"Sec-Fetch-Site": "same-origin", "Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_page_of_our_own_navigation_is_compressed_and_whole(agent: Agent, signed_in: SignIn, site: str) -> None:
    client = signed_in(agent)
    answer = client.get("/compte/", headers=OURS | {"Sec-Fetch-Site": site})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) == len(answer.content) < len(client.get("/compte/").content) / 2
    assert {"Accept-Encoding", "Sec-Fetch-Site"} <= set(answer.headers["Vary"].split(", "))
    assert agent.full_name in gzip.decompress(answer.content).decode()


@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
def test_what_another_site_asked_for_is_never_compressed(agent: Agent, signed_in: SignIn, site: str) -> None:
    answer = signed_in(agent).get("/recherche/?q=cong", headers=OURS | {"Sec-Fetch-Site": site})
    assert "Content-Encoding" not in answer.headers and b"</html>" in answer.content


@pytest.mark.parametrize("accepted", ["", "br", "identity"])
def test_a_browser_that_reads_no_gzip_gets_the_page_as_it_is(agent: Agent, signed_in: SignIn, accepted: str) -> None:
    answer = signed_in(agent).get("/compte/", headers=OURS | {"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers and b"</html>" in answer.content


@pytest.mark.parametrize(("host", "path"), [("portal", "/messagerie/"), ("webmail", "/")])
def test_pages_of_the_mail_are_never_compressed(agent: Agent, signed_in: SignIn, host: str, path: str) -> None:
    answer = signed_in(agent, host).get(path, headers=OURS)
    assert b"</html>" in answer.content and "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(("path", "status"), [("/connexion/", 200), ("/nulle-part/", 404)])
def test_the_sign_in_page_and_errors_are_compressed_too(path: str, status: int) -> None:
    answer = client_on().get(path, headers=OURS)
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (status, "gzip")
