"""Who opens each address of the directory, the news, the tools, the home page, the search and the notifications.

One row an address: an address without its row fails, and a row without its address too. Each row is tried by nobody at
all, by everybody to whom it is closed, and by those to whom it is open; what is open to all, by a stranger.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from nomade.accounts.factories import make_account
from nomade.accounts.testing import client_of, client_on
from nomade.directory.actions.lines import refresh
from nomade.directory.models import ContactGroup
from nomade.files import store
from nomade.kernel.clock import now, today
from nomade.kernel.hosts import URLCONFS
from nomade.news.models import Article, Attachment, Page, State
from nomade.notifications.email import link_of
from nomade.notifications.models import Notification
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent, AgentPhoto, Delegation
from nomade.people.roles import Role
from nomade.tools.models import Tool

pytestmark = pytest.mark.django_db

APPS = ("home", "search", "directory", "news", "tools", "notifications")
OWNER, SUPERVISOR, DELEGATE, HR, EDITOR, CHIEF, FAR_HR, FAR_EDITOR, ADMINISTRATOR, STRANGER = (
    "owner", "supervisor", "delegate", "hr", "editor", "chief", "far hr", "far editor", "administrator", "stranger",
)  # fmt: skip
ALL = {OWNER, SUPERVISOR, DELEGATE, HR, EDITOR, CHIEF, FAR_HR, FAR_EDITOR, ADMINISTRATOR, STRANGER}
UNIT = {OWNER, SUPERVISOR, DELEGATE, HR}
WRITERS = {EDITOR, CHIEF}
EDITORS = {EDITOR, CHIEF, FAR_EDITOR}
LEADERS = {SUPERVISOR, DELEGATE}
WITHOUT_ARTICLE = ("news:index", "news:team", "news:desk", "news:new", "news:audience")

# By name: who opens it, and « post » where it is an act. The owner's things are their group, photograph, notification.
ROWS: dict[str, tuple[set[str], str]] = {
    "home:index": (ALL, "get"),
    "home:visit": (ALL, "get"),
    "home:visit-step": (ALL, "get"),
    "home:leave-visit": (ALL, "post"),
    "home:guides": (ALL, "get"),
    "home:guide": (ALL, "get"),
    "search:index": (ALL, "get"),
    "directory:index": (ALL, "get"),
    "directory:visibility": (ALL, "get"),
    "directory:person": (ALL, "get"),
    "directory:card-file": (ALL, "get"),
    "directory:favourite": (ALL, "post"),
    "directory:photo": ({OWNER}, "get"),  # kept to oneself here
    "directory:groups": (ALL, "get"),
    "directory:group": ({OWNER}, "get"),
    "directory:delete-group": ({OWNER}, "post"),
    "directory:group-member": ({OWNER}, "post"),
    "directory:join-group": ({OWNER}, "post"),
    "directory:units": (ALL, "get"),
    "directory:unit": (ALL, "get"),
    "directory:branch": (ALL, "get"),
    "directory:edit-unit": ({HR} | WRITERS, "get"),
    "news:index": (ALL, "get"),
    "news:article": (UNIT | WRITERS, "get"),
    "news:say-read": (UNIT | WRITERS, "post"),
    "news:opened": (UNIT | WRITERS, "post"),
    "news:picture": (UNIT | WRITERS, "get"),
    "news:poster": (UNIT | WRITERS, "get"),
    "news:document": (UNIT | WRITERS, "get"),
    "news:pages": (ALL, "get"),
    "news:page": (ALL, "get"),
    "news:new-page": ({CHIEF}, "get"),
    "news:edit-page": ({CHIEF}, "get"),
    "news:team": (LEADERS, "get"),
    "news:team-article": (LEADERS, "get"),
    "news:desk": (EDITORS, "get"),
    "news:new": (EDITORS, "get"),
    "news:audience": (EDITORS, "get"),
    "news:edit": (WRITERS, "get"),
    "news:publish": (WRITERS, "get"),
    "news:review": (WRITERS, "post"),
    "news:withdraw": (WRITERS, "post"),
    "news:readers": (WRITERS, "get"),
    "news:readers-file": (WRITERS, "get"),
    "news:remind": (WRITERS, "post"),
    "news:drop-document": (WRITERS, "post"),
    "tools:index": (ALL, "get"),
    "tools:favourite": (UNIT, "post"),
    "tools:list": ({ADMINISTRATOR}, "get"),
    "tools:new": ({ADMINISTRATOR}, "get"),
    "tools:edit": ({ADMINISTRATOR}, "get"),
    "notifications:index": (ALL, "get"),
    "notifications:count": (ALL, "get"),
    "notifications:preferences": (ALL, "get"),
    "notifications:read-all": (ALL, "post"),
    "notifications:open": ({OWNER}, "post"),
    "notifications:follow": (ALL, "get"),  # its own test says that it leads nobody else to what it is about
}


@pytest.fixture
def cast(db: None) -> dict[str, Agent]:
    team = make_unit("DEVE/J15")
    supervisor = make_agent("Mehdi", "Benali", unit=team)
    people = {
        OWNER: make_agent(unit=team, supervisor=supervisor),
        SUPERVISOR: supervisor,
        DELEGATE: make_agent("Rémi", "Place", unit=team),
        HR: make_agent("Sophie", "Laurent", unit=team),
        EDITOR: make_agent("Inès", "Moreau", unit=make_unit("DICOM")),
        CHIEF: make_agent("Chloé", "Chef", unit=make_unit("DICOM")),
        FAR_HR: make_agent("Hélène", "Loin", unit=make_unit("DPE")),
        FAR_EDITOR: make_agent("Jean", "Loin", unit=make_unit("DPE")),
        ADMINISTRATOR: make_agent("Paul", "Girard", unit=make_unit("DSIN")),
        STRANGER: make_agent("Zoé", "Autre", unit=make_unit("DPE")),
    }
    Delegation.objects.create(
        giver=supervisor, receiver=people[DELEGATE], valid_from=today(), valid_to=today(), created_by=supervisor
    )
    grant(people[HR], Role.HR_OFFICER, make_unit("DEVE"))
    grant(people[FAR_HR], Role.HR_OFFICER, make_unit("DPE"))
    grant(people[EDITOR], Role.EDITOR, make_unit("DEVE"))
    grant(people[FAR_EDITOR], Role.EDITOR, make_unit("DPE"))
    grant(people[CHIEF], Role.EDITOR)
    grant(people[ADMINISTRATOR], Role.ADMINISTRATOR)
    refresh()
    return people


def arguments_of(name: str, cast: dict[str, Agent]) -> tuple[list[Any], dict[str, str]]:  # noqa: PLR0911  # one a kind
    """What the address of a row is about, made anew for each row; then what is sent with it."""
    owner, unit = cast[OWNER], make_unit("DEVE/J15")
    if name.startswith("news:") and "page" in name:
        fields = {"owner": cast[CHIEF], "review_by": today() + timedelta(days=30)}
        page = Page.objects.create(slug="mutuelle", title="Mutuelle", **fields)
        return ([page.slug] if name in ("news:page", "news:edit-page") else []), {}
    if name in ("news:document", "news:drop-document"):
        kept = store.put(b"%PDF-1.7", owner=None, kind="news", name="a.pdf", content_type="application/pdf")
        return [Attachment.objects.create(article=article_of(cast), file=kept).pk], {}
    if name.startswith("news:"):
        article = article_of(cast)
        return ([article.pk] if name not in WITHOUT_ARTICLE else []), {}
    if name in ("directory:unit", "directory:branch", "directory:edit-unit"):
        return [unit.path], {}
    if name in ("directory:group", "directory:delete-group", "directory:group-member", "directory:join-group"):
        group = ContactGroup.objects.create(owner=owner, name="Réunion")
        about = {"directory:group-member": [group.pk, cast[STRANGER].pk], "directory:join-group": [cast[STRANGER].pk]}
        return about.get(name, [group.pk]), {"groupe": str(group.pk)}
    if name == "directory:photo":
        kept = store.put(b"portrait", owner=owner, kind="photo", name="photo.jpg", content_type="image/jpeg")
        AgentPhoto.objects.create(agent=owner, file=kept.pk, visible=False, changed_at=now())
    if name in ("directory:photo", "directory:person", "directory:card-file", "directory:favourite"):
        return [owner.pk], {}
    if name in ("tools:favourite", "tools:edit"):
        return [Tool.objects.create(name="Chronos", description="x", url="https://outil.example/", unit=unit).pk], {}
    if name in ("notifications:open", "notifications:follow"):
        told = Notification.objects.create(agent=owner, kind="leave.test", title="Du nouveau", url="/conges/")
        return [told.pk if name.endswith("open") else link_of(told).split("/")[-2]], {}
    return {"home:visit-step": ["services"], "home:guide": ["agent"]}.get(name, []), {}


def article_of(cast: dict[str, Agent]) -> Article:
    """An article that the whole team must read, written by the editor of its department."""
    picture = store.put(b"image", owner=None, kind="news", name="a.png", content_type="image/png")
    article = Article.objects.create(
        title="Canicule", summary="Boire", author=cast[EDITOR], state=State.PUBLISHED, publish_at=now(),
        must_read=True, picture=picture, picture_alt="Une fontaine",
    )  # fmt: skip
    article.targets.create(unit=make_unit("DEVE"))
    return article


def names() -> Iterator[str]:
    """The addresses of these apps on the portal, by name."""
    for entry in get_resolver(URLCONFS["portal"]).url_patterns:
        if isinstance(entry, URLResolver):
            for below in entry.url_patterns:
                if isinstance(below, URLPattern):
                    space = entry.namespace or str(getattr(entry.urlconf_module, "app_name", ""))
                    if space in APPS:
                        yield f"{space}:{below.name}"


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    assert sorted(names()) == sorted(ROWS)


def opened(client: Client, method: str, address: str, sent: dict[str, str]) -> bool:
    """Whether something is behind the door: a page, a redirection, or a form that says what is missing."""
    status = getattr(client, method)(address, sent).status_code
    assert status in (200, 204, 302, 303, 404, 422), (address, status)
    return bool(status != 404)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_each_address_opens_to_those_of_its_row_only(cast: dict[str, Agent], name: str) -> None:
    allowed, method = ROWS[name]
    about, sent = arguments_of(name, cast)
    address = reverse(name, urlconf=URLCONFS["portal"], args=about)
    nobody = getattr(client_on("portal"), method)(address, sent)
    assert nobody.status_code == 302 and nobody.headers["Location"].startswith("/connexion/"), nobody.status_code
    # Those who may come last: what they do may end what the address is about.
    tried = {STRANGER} if allowed == ALL else ALL
    for person in sorted(tried, key=lambda person: (person in allowed, person)):
        if person in allowed and method == "post" and (name, person) != (name, min(allowed)):
            continue  # one act is enough: a second one finds what the first one changed
        client = client_of(make_account(cast[person]))
        assert opened(client, method, address, sent) is (person in allowed), (name, person)
