"""People to write to: who « À » proposes, and one's own contacts."""

from __future__ import annotations

import uuid
from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.mail.access import contact_of, group_of, mailbox_required
from nomade.mail.contacts import actions, cards, finding
from nomade.mail.contacts.cards import Card
from nomade.mail.contacts.forms import ContactForm, GroupForm, ImportForm
from nomade.mail.models import Contact, ContactGroup
from nomade.people.folding import fold
from nomade.people.http import AgentRequest

MOST_SHOWN = 200


@require_safe
@mailbox_required
def people(request: AgentRequest) -> HttpResponse:
    """Whom a few letters may mean (`q`), or what is to be known of people already named (`adresses`)."""
    typed = request.GET.get("adresses", "")[:2000]
    asked = request.GET.get("q", "")[:100]
    found = finding.about(request.agent, typed) if typed else finding.find(request.agent, asked)
    return JsonResponse({"people": [asdict(line) for line in found]})


@require_safe
@mailbox_required
def index(request: AgentRequest) -> HttpResponse:
    """The agent's contacts, their groups, and what is done with files."""
    return _index(request, GroupForm(), ImportForm())


def _index(request: AgentRequest, group_form: GroupForm, import_form: ImportForm, status: int = 200) -> HttpResponse:
    asked = request.GET.get("q", "")[:100]
    contacts = Contact.objects.of(request.agent).prefetch_related("groups")
    if asked:
        contacts = contacts.filter(search_name__contains=fold(asked))
    shown = list(contacts[: MOST_SHOWN + 1])
    context = {
        "contacts": shown[:MOST_SHOWN],
        "more": len(shown) > MOST_SHOWN,
        "asked": asked,
        "groups": list(ContactGroup.objects.filter(agent=request.agent).prefetch_related("members")),
        "group_form": group_form,
        "import_form": import_form,
    }
    return render(request, "mail/contacts.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def new(request: AgentRequest) -> HttpResponse:
    """A new contact; `?a=` and `?nom=` fill it."""
    first = {"email": request.GET.get("a", "")[:254], "name": request.GET.get("nom", "")[:120]}
    return _edited(request, Contact(agent=request.agent), _("Nouveau contact"), first)


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def edit(request: AgentRequest, identifier: uuid.UUID) -> HttpResponse:
    """A contact changed."""
    return _edited(request, contact_of(request.agent, identifier), _("Modifier le contact"), {})


def _edited(request: AgentRequest, contact: Contact, title: str, first: dict[str, str]) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = ContactForm(data, instance=contact, initial=first, agent=request.agent)
    if form.is_valid():
        try:
            actions.save(form.save(commit=False), [group.pk for group in form.cleaned_data["groups"]])
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Le contact est enregistré."))
            return _back()
    context = {"form": form, "title": title, "contact": None if contact.is_new else contact}
    return render(request, "mail/contact.html", context, status=422 if form.errors else 200)


@require_POST
@mailbox_required
def delete(request: AgentRequest, identifier: uuid.UUID) -> HttpResponse:
    """A contact forgotten."""
    actions.delete(contact_of(request.agent, identifier))
    messages.success(request, _("Le contact est supprimé."))
    return _back()


@require_POST
@mailbox_required
def add_group(request: AgentRequest) -> HttpResponse:
    """A group made."""
    form = GroupForm(request.POST)
    if not form.is_valid():
        return _index(request, form, ImportForm(), 422)
    try:
        actions.add_group(request.agent, form.cleaned_data["name"])
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _index(request, form, ImportForm(), 422)
    messages.success(request, _("Le groupe est créé. Ajoutez-y des contacts depuis leur fiche."))
    return _back()


@require_POST
@mailbox_required
def delete_group(request: AgentRequest, identifier: uuid.UUID) -> HttpResponse:
    """A group forgotten; its people stay."""
    actions.delete_group(group_of(request.agent, identifier))
    messages.success(request, _("Le groupe est supprimé. Ses contacts restent dans votre carnet."))
    return _back()


@require_POST
@mailbox_required
def take_in(request: AgentRequest) -> HttpResponse:
    """A file of contacts taken in."""
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        read = cards.read(form.cleaned_data["file"].read())
        try:
            added, known = actions.take_in(request.agent, read.cards)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            if not added and not known:
                form.add_error("file", _("Ce fichier ne contient aucun contact avec une adresse."))
            else:
                messages.success(request, _taken(added, known, read.skipped))
                return _back()
    return _index(request, GroupForm(), form, 422)


def _taken(added: int, known: int, skipped: int) -> str:
    words = [
        ngettext("%(count)s contact ajouté", "%(count)s contacts ajoutés", added) % {"count": added},
        ngettext("%(count)s déjà connu", "%(count)s déjà connus", known) % {"count": known},
        _("%(count)s sans adresse utilisable") % {"count": skipped},
    ]
    return ", ".join(words) + "."


@require_safe
@mailbox_required
def give_out(request: AgentRequest, kind: str) -> HttpResponse:
    """All contacts as a file."""
    own = Contact.objects.of(request.agent).prefetch_related("groups")
    found = [
        Card(
            one.name, one.email, one.organisation, one.phone, one.note, tuple(group.name for group in one.groups.all())
        )
        for one in own
    ]
    text = cards.as_vcards(found) if kind == "vcf" else cards.as_csv(found)
    content_type = "text/vcard" if kind == "vcf" else "text/csv"
    response = HttpResponse(text.encode(), content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="contacts.{"vcf" if kind == "vcf" else "csv"}"'
    return response


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("mail:contacts"), status=303)
