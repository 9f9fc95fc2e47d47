"""`/style/`: each component with its options, its states and its rules, drawn by the macros that pages use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from nomade.kernel.http import public
from nomade.kernel.pages import render
from nomade.ui.components import ICONS
from nomade.ui.errors import error_page
from nomade.ui.filters import money

SENTENCE = _("Cette phrase tient la place du vrai message.")


class SampleForm(forms.Form):
    """One field of each kind."""

    text = forms.CharField(label=_("Nom d’usage"), help_text=_("Comme sur votre pièce d’identité."), max_length=80)
    email = forms.EmailField(label=_("Courriel personnel"), required=False)
    day = forms.DateField(
        label=_("Premier jour"), help_text=_("Exemple : 23/11/2026"), widget=forms.DateInput(attrs={"type": "date"})
    )
    kind = forms.ChoiceField(
        label=_("Type d’absence"), choices=[("", "—"), ("ca", _("Congés annuels")), ("rtt", _("Jour de RTT"))]
    )
    half = forms.ChoiceField(
        label=_("Moment de la journée"),
        choices=[("day", _("Journée entière")), ("am", _("Matin")), ("pm", _("Après-midi"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Motif"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(label=_("Justificatif"), required=False, help_text=_("PDF, JPEG ou PNG, 10 Mo au plus."))
    password = forms.CharField(label=_("Mot de passe"), widget=forms.PasswordInput(attrs={"autocomplete": "off"}))
    agree = forms.BooleanField(label=_("J’ai lu le document"))


@dataclass(frozen=True)
class SampleEvent:
    """A step of a timeline."""

    at: datetime
    title: Any
    who: str
    detail: Any = ""


def _events() -> list[SampleEvent]:
    start = datetime(2026, 11, 2, 8, 15, tzinfo=UTC)
    return [
        SampleEvent(start, _("Demande envoyée"), "Camille Durand"),
        SampleEvent(start + timedelta(days=1), _("Lue"), "Mehdi Benali"),
        SampleEvent(start + timedelta(days=2), _("Validée"), "Mehdi Benali", _("Bonnes vacances.")),
    ]


@public
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Every component; sending the form shows its errors and, when it is right, a message."""
    sent = request.method == "POST"
    form = SampleForm(request.POST, request.FILES) if sent else SampleForm()
    if sent and form.is_valid():
        messages.success(request, _("Votre réponse est enregistrée."))
    context = {
        "form": form,
        "icons": sorted(ICONS),
        "events": _events(),
        "page": Paginator(range(90), 30).page(2),
        "amount": Decimal("2107.14"),
        "now": datetime(2026, 11, 23, 9, 5, tzinfo=UTC),
        "sentence": SENTENCE,
    }
    return render(request, "ui/style.html", context, status=422 if sent and form.errors else 200)


@public
@require_safe
def amount(request: HttpRequest) -> HttpResponse:
    """What `reveal` fetches: text alone."""
    return HttpResponse(money(Decimal("2107.14")), content_type="text/plain; charset=utf-8")


@public
@require_safe
def error(request: HttpRequest, status: int) -> HttpResponse:
    """An error page as people see it."""
    if status not in (400, 403, 404, 422, 500, 503):
        raise Http404
    return error_page(request, status, str(SENTENCE))
