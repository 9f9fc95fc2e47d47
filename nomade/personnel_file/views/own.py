"""« Mon dossier »: what the agent reads, and what they change alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.files.http import preview
from nomade.files.photos import photo_content
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.kernel.registry import services
from nomade.people.http import AgentRequest, roles_of_request
from nomade.people.photos import photo_of
from nomade.people.roles import Role
from nomade.personnel_file.access import contacts_of, own_file
from nomade.personnel_file.access_requests import DESKS
from nomade.personnel_file.actions import own
from nomade.personnel_file.forms.own import ContactForm, PhonesForm, PhotoForm, PhotoVisibilityForm
from nomade.personnel_file.history import history_of
from nomade.personnel_file.models import EmergencyContact
from nomade.personnel_file.models.own import MOST_CONTACTS

ContactForms = formset_factory(ContactForm, extra=0, max_num=MOST_CONTACTS, validate_max=True)


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("personnel_file:index"), status=303)


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The whole file of who is asking, each part with what can be done about it."""
    known = {one.key: one for one in services()}
    context = {
        "file": own_file(request.agent),
        "directory": known.get("directory"),
        "documents": known.get("documents"),
        "reads_files": bool({Role.HR_OFFICER, Role.PAY_OFFICER, *DESKS} & roles_of_request(request)),
        "desks": DESKS & roles_of_request(request),
        "pay_officer": Role.PAY_OFFICER in roles_of_request(request),
        "today_is": today(),
    }
    return render(request, "personnel_file/index.html", context)


@require_safe
def history(request: AgentRequest) -> HttpResponse:
    """Each change, with what was before, who made it and where it comes from."""
    return render(request, "personnel_file/history.html", {"changes": history_of(request.agent)})


@require_http_methods(["GET", "HEAD", "POST"])
def phones(request: AgentRequest) -> HttpResponse:
    """The agent's numbers."""
    agent = request.agent
    initial = {"mobile": agent.mobile, "phone": agent.phone}
    form = PhonesForm(request.POST) if request.method == "POST" else PhonesForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        own.change_phones(agent, http=request, **form.cleaned_data)
        messages.success(request, _("Vos numéros sont enregistrés."))
        return _back()
    return render(request, "personnel_file/phones.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request: AgentRequest) -> HttpResponse:
    """The people to call if something happens, in order."""
    if request.method != "POST":
        forms = ContactForms(initial=_lines(contacts_of(request.agent)))
        return render(request, "personnel_file/contacts.html", {"forms": forms, "form": None})
    forms = ContactForms(request.POST)
    if not forms.is_valid():
        wrong = next((form for form in forms if form.errors), None)
        return render(request, "personnel_file/contacts.html", {"forms": forms, "form": wrong}, status=422)
    own.change_contacts(request.agent, _in_order(forms), http=request)
    messages.success(request, _("Les personnes à prévenir sont enregistrées."))
    return _back()


def _lines(known: list[EmergencyContact]) -> list[dict[str, Any]]:
    """Those that are known, then empty lines up to the most that may be given."""
    lines: list[dict[str, Any]] = [
        {
            "order": one.rank,
            "name": one.name,
            "tie": one.tie,
            "contact_phone": one.phone,
            "other_phone": one.other_phone,
        }
        for one in known
    ]
    shown = min(MOST_CONTACTS, max(2, len(known) + 1))
    return [*lines, *({"order": rank} for rank in range(len(lines) + 1, shown + 1))]


def _in_order(forms: BaseFormSet[ContactForm]) -> list[own.ContactLine]:
    ordered = sorted(forms, key=lambda form: form.cleaned_data.get("order", MOST_CONTACTS))
    return [line for form in ordered if (line := form.line)]


@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: AgentRequest) -> HttpResponse:
    """A photograph, cut square."""
    known = photo_of(request.agent)
    visible = known.visible if known else False
    form = (
        PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm(initial={"visible": visible})
    )
    if request.method == "POST" and form.is_valid():
        frame = {name: form.cleaned_data[name] for name in ("zoom", "left", "top", "visible")}
        try:
            own.change_photo(request.agent, form.cleaned_data["picture"][0], http=request, **frame)
        except Refusal as refusal:
            form.add_error("picture", refusal.message)
        else:
            messages.success(request, _("Votre photo est enregistrée."))
            return HttpResponseRedirect(reverse("personnel_file:photo"), status=303)
    context = {"form": form, "photo": known, "choice": PhotoVisibilityForm(initial={"visible": visible})}
    return render(request, "personnel_file/photo.html", context, status=422 if form.errors else 200)


@require_POST
def photo_visibility(request: AgentRequest) -> HttpResponse:
    """Whether colleagues see it."""
    visible = "visible" in request.POST
    own.show_photo(request.agent, visible=visible, http=request)
    shown = _("Vos collègues voient votre photo dans l’annuaire.")
    hidden = _("Vos collègues ne voient plus votre photo.")
    messages.success(request, shown if visible else hidden)
    return HttpResponseRedirect(reverse("personnel_file:photo"), status=303)


@require_POST
def photo_removal(request: AgentRequest) -> HttpResponse:
    """No photograph any more."""
    own.remove_photo(request.agent, http=request)
    messages.success(request, _("Votre photo est supprimée."))
    return HttpResponseRedirect(reverse("personnel_file:photo"), status=303)


@require_safe
def photo_file(request: AgentRequest) -> HttpResponse:
    """One's own photograph."""
    content = photo_content(request.agent, request.agent.pk)
    if content is None:
        raise Http404
    return preview(content, content_type="image/jpeg")
