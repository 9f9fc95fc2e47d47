"""Searching: the field, the form, and long searches."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mailkit.imap import MessagePage
from nomade.kernel.pages import render
from nomade.mail import gateway, shared, wording
from nomade.mail.access import mailbox_required
from nomade.mail.models import Label, ReadingSettings
from nomade.mail.reading import folders, opening, search, views
from nomade.mail.reading.forms import SearchForm
from nomade.mail.reading.opening import Opened, Place
from nomade.mail.reading.wanted import Wanted
from nomade.people.http import AgentRequest


@require_safe
@mailbox_required
def results(request: AgentRequest) -> HttpResponse:
    """A search: of headers in one folder, it is a list like another; otherwise its steps follow one another."""
    wanted = Wanted.of(request)
    asked = wanted.understood
    if asked.folder:
        named = opening.folder_named(folders.listed(request.agent), asked.folder)
        wanted = replace(wanted, folder=named or wanted.folder)
    begun = request.GET.get("etape", "")
    if not wanted.typed or not (begun or search.is_long(wanted)):
        return HttpResponseRedirect(reverse("mail:index") + wanted.query(number=1, anchor=0))
    found = search.step(request.agent, wanted, begun)
    places = [Place(folder, folder.name == wanted.folder) for folder in found.folders if folder.selectable]
    current = next((place for place in places if place.current), places[0])
    page = MessagePage(wanted.folder, 0, found.hits, len(found.hits), 1, max(1, len(found.hits)), found.total)
    labels = list(Label.objects.filter(agent=request.agent))
    opened = Opened(
        places,
        current,
        wanted,
        ReadingSettings.of(request.agent),
        page,
        labels=labels,
        boxes=shared.note(request.agent, found.folders),
    )
    context = {
        "opened": opened,
        "wanted": wanted,
        "found": found,
        "names": {place.folder.name: place.full_label for place in places},
        "title": _("Recherche : %(typed)s") % {"typed": wanted.typed},
        "mail_date": wording.mail_date,
        "waiting": 0,
        "stuck": 0,
        "done": views.done_in(request, opened),
        "begun": bool(request.GET.get("etape")),
    }
    return render(request, "mail/search.html", context, block="more")


@require_safe
@mailbox_required
def form(request: AgentRequest) -> HttpResponse:
    """The search, field by field; it becomes what one would type."""
    wanted = Wanted.of(request)
    listed = gateway.visit(request.agent, lambda session: session.folders(counts=False))
    places = [Place(folder, folder.name == wanted.folder) for folder in listed if folder.selectable]
    given = request.GET if "chercher" in request.GET else None
    asked = SearchForm(given, places=places, initial={"place": wanted.folder})
    if asked.is_valid():
        changes = {"typed": asked.typed(), "folder": asked.folder or wanted.folder, "quick": "", "label": ""}
        return HttpResponseRedirect(reverse("mail:search") + wanted.query(**changes))
    status = 422 if asked.errors else 200
    return render(request, "mail/search_form.html", {"form": asked, "wanted": wanted}, status=status)
