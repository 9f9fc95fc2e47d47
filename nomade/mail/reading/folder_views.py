"""Folders, labels and settings of reading."""

from __future__ import annotations

from django.conf import settings as portal_settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mailkit.imap import Folder
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.mail import shared
from nomade.mail.access import label_of, mailbox_required, trusted_of
from nomade.mail.models import Label, ReadingSettings, TrustedSender
from nomade.mail.reading import folders
from nomade.mail.reading.folders import Change
from nomade.mail.reading.forms import FolderForm, LabelForm, SettingsForm
from nomade.mail.reading.opening import Place
from nomade.people.http import AgentRequest


def _to(name: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"mail:{name}"), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def index(request: AgentRequest) -> HttpResponse:
    """Every folder, and a form to make one."""
    known, quota = folders.listed_with_room(request.agent)
    form = FolderForm(request.POST if request.method == "POST" else None, folders=known)
    if form.is_valid() and _tried(request, form, Change("creer", **form.cleaned_data)):
        return _to("folders")
    places = [Place(folder, current=False) for folder in known]
    context = {
        "places": places,
        "form": form,
        "quota": quota,
        "quota_warning": portal_settings.NOMADE.mail_quota_warning_percent,
        "boxes": shared.note(request.agent, known),
    }
    return render(request, "mail/folders.html", context, status=422 if form.errors else 200)


def _tried(request: AgentRequest, form: FolderForm, asked: Change) -> bool:
    try:
        messages.success(request, folders.change(request.agent, asked))
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def edit(request: AgentRequest) -> HttpResponse:
    """One folder: its name, its place, what it holds."""
    known = folders.listed(request.agent)
    folder = _named(known, request.GET.get("dossier", ""))
    parent = folder.name.rpartition(folder.delimiter)[0] if folder.delimiter else ""
    initial = {"name": folder.leaf, "parent": parent}
    form = FolderForm(
        request.POST if request.method == "POST" else None, folders=known, without=folder.name, initial=initial
    )
    if form.is_valid() and _tried(request, form, Change("renommer", folder.name, **form.cleaned_data)):
        return _to("folders")
    context = {"place": Place(folder, current=False), "form": form}
    return render(request, "mail/folder.html", context, status=422 if form.errors else 200)


def _named(known: tuple[Folder, ...], name: str) -> Folder:
    found = next((folder for folder in known if folder.name == name), None)
    if found is None:
        raise Http404
    return found


@require_POST
@mailbox_required
def act(request: AgentRequest) -> HttpResponse:
    """Empties, hides, shows, deletes a folder, or marks all of it as read."""
    verb = request.POST.get("action", "")
    if verb not in folders.VERBS - {"creer", "renommer"}:
        raise Http404
    name = request.GET.get("dossier", "")
    if verb == "vider" and not request.POST.get("accord") and folders.must_confirm(request.agent, name):
        context = {
            "act": request.get_full_path(),
            "sent": [("action", verb)],
            "count": 0,
            "back": reverse("mail:folders"),
        }
        return render(request, "mail/confirm.html", context)
    messages.success(request, folders.change(request.agent, Change(verb, name)))
    return _to("folders")


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def settings(request: AgentRequest) -> HttpResponse:
    """How one reads."""
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=ReadingSettings.of(request.agent))
    if form.is_valid():
        form.save()
        messages.success(request, _("Vos réglages sont enregistrés."))
        return _to("settings")
    context = {
        "form": form,
        "keeps_labels": folders.keeps_labels(request.agent),
        "labels": Label.objects.filter(agent=request.agent),
        "senders": [(sender.pk, sender.email) for sender in TrustedSender.objects.filter(agent=request.agent)],
    }
    return render(request, "mail/settings.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def label(request: AgentRequest, identifier: int | None = None) -> HttpResponse:
    """A label, new or not."""
    known = label_of(request.agent, identifier) if identifier else Label(agent=request.agent)
    form = LabelForm(request.POST if request.method == "POST" else None, instance=known)
    if form.is_valid():
        folders.save_label(request.agent, form.save(commit=False))
        messages.success(request, _("L’étiquette est enregistrée."))
        return _to("settings")
    return render(request, "mail/label.html", {"form": form, "label": known}, status=422 if form.errors else 200)


@require_POST
@mailbox_required
def drop_label(request: AgentRequest, identifier: int) -> HttpResponse:
    """Forgets a label."""
    folders.drop_label(label_of(request.agent, identifier))
    messages.success(request, _("L’étiquette est supprimée. Les messages ne sont pas touchés."))
    return _to("settings")


@require_POST
@mailbox_required
def forget_sender(request: AgentRequest, identifier: int) -> HttpResponse:
    """No longer loads the pictures of a sender."""
    trusted_of(request.agent, identifier).delete()
    messages.success(request, _("Les images de cet expéditeur sont de nouveau bloquées."))
    return _to("settings")
