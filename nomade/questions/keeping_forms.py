"""What human resources type to keep topics, offices, ways, closings and answers written beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from nomade.cases.dialogue_forms import row_field
from nomade.cases.forms import text_field
from nomade.kernel.registry import services
from nomade.people.models import Agent, OrgUnit
from nomade.questions.models import ROLE_CHOICES, Office, Topic
from nomade.questions.wording import WEEKDAYS


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Indiquez un jour."), "invalid": _("Cette date n’existe pas.")},
        **options,
    )


class TopicForm(forms.Form):
    """What a topic says, and from when."""

    label = forms.CharField(
        label=_("Sujet"), max_length=120, error_messages={"required": _("Donnez un nom à ce sujet.")}
    )
    hint = forms.CharField(
        label=_("Première réponse"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Affichée dès que l’agent choisit ce sujet : elle suffit souvent."),
    )
    office = forms.TypedChoiceField(
        label=_("Bureau qui répond"), error_messages={"required": _("Choisissez le bureau qui répond.")}
    )
    promised_days = forms.IntegerField(
        label=_("Réponse promise, en jours ouvrés"),
        min_value=1,
        max_value=60,
        error_messages={
            "required": _("Indiquez un nombre de jours."),
            "invalid": _("Indiquez un nombre de jours."),
            "min_value": _("Il faut au moins un jour."),
            "max_value": _("Pas plus de 60 jours ouvrés."),
        },
    )
    service = forms.ChoiceField(
        label=_("Proposé depuis les pages de"), required=False, help_text=_("Ce sujet y est choisi d’avance.")
    )
    order = forms.IntegerField(label=_("Ordre dans la liste"), min_value=0, max_value=9999, initial=100)
    start = day_field(_("À partir du"), help_text=_("Les questions déjà posées gardent leur sujet d’avant."))

    def __init__(self, *args: Any, offices: Iterable[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row_field(self, "office", offices, _("Choisir"))
        named = [(service.key, service.label) for service in services() if service.menu]
        cast(forms.ChoiceField, self.fields["service"]).choices = [("", _("aucune page")), *named]


class EndTopicForm(forms.Form):
    """The last day of a topic."""

    last = day_field(_("Dernier jour"))


class OfficeForm(forms.Form):
    """Who answers, when, and who is told."""

    label = forms.CharField(
        label=_("Nom du bureau"), max_length=120, error_messages={"required": _("Donnez un nom à ce bureau.")}
    )
    role = forms.ChoiceField(
        label=_("Rôle de ceux qui répondent"),
        choices=ROLE_CHOICES,
        help_text=_("Chacun ne lit que les questions des agents de son périmètre."),
    )
    days = forms.MultipleChoiceField(
        label=_("Jours où le bureau répond"),
        choices=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
        widget=forms.CheckboxSelectMultiple,
        initial=["0", "1", "2", "3", "4"],
        error_messages={"required": _("Choisissez au moins un jour où le bureau répond.")},
    )
    lead = forms.TypedChoiceField(
        label=_("Responsable, prévenu des retards"),
        required=False,
    )
    members = forms.TypedMultipleChoiceField(
        label=_("Prévenus des nouvelles questions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Personne de coché : tous ceux qui ont le rôle."),
    )
    active = forms.BooleanField(label=_("Bureau ouvert"), required=False, initial=True)

    def __init__(self, *args: Any, officers: Iterable[Agent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = list(officers)
        row_field(self, "lead", able, _("personne"))
        members = cast(forms.TypedMultipleChoiceField, self.fields["members"])
        known = {str(one.pk): one for one in able}
        members.choices = [(key, one.full_name) for key, one in known.items()]
        members.coerce, members.empty_value = known.__getitem__, []

    @property
    def week(self) -> str:
        """The seven signs of the days that are ticked."""
        return "".join("1" if str(number) in self.cleaned_data["days"] else "0" for number in range(7))


class WayForm(forms.Form):
    """From which unit to which office."""

    unit = forms.CharField(
        label=_("Service des agents"),
        max_length=400,
        help_text=_("Son code, ou le chemin de ses codes : DEVE/SRH."),
        error_messages={"required": _("Indiquez le code du service.")},
    )
    topic = forms.ChoiceField(label=_("Sujet"), required=False)
    office = forms.TypedChoiceField(
        label=_("Bureau qui répond"), error_messages={"required": _("Choisissez le bureau qui répond.")}
    )
    start = day_field(_("À partir du"))

    def __init__(self, *args: Any, offices: Iterable[Office], topics: Sequence[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row_field(self, "office", offices, _("Choisir"))
        every = _("tous ceux du même rôle")
        cast(forms.ChoiceField, self.fields["topic"]).choices = [
            ("", every),
            *((one.code, one.label) for one in topics),
        ]

    def clean_unit(self) -> OrgUnit:
        """The unit of a path, or of a code that only one has."""
        typed = str(self.cleaned_data["unit"]).strip().upper()
        found = list(OrgUnit.objects.filter(path__iexact=typed)[:1] or OrgUnit.objects.filter(code__iexact=typed)[:2])
        if not found:
            raise forms.ValidationError(_gettext("Aucun service n’a ce code."))
        if len(found) > 1:
            raise forms.ValidationError(_gettext("Plusieurs services ont ce code : donnez le chemin entier."))
        return found[0]


class ClosingForm(forms.Form):
    """Days on which nobody answers."""

    label = forms.CharField(
        label=_("Motif"), max_length=120, error_messages={"required": _("Dites pourquoi : pont, fermeture d’été.")}
    )
    office = forms.TypedChoiceField(label=_("Bureau"), required=False)
    first = day_field(_("Premier jour"))
    last = day_field(_("Dernier jour"))

    def __init__(self, *args: Any, offices: Iterable[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row_field(self, "office", offices, _("tous les bureaux"))

    def clean(self) -> dict[str, Any]:
        """In order."""
        data = super().clean() or {}
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", _gettext("Le dernier jour ne peut pas précéder le premier."))
        return data


class ReadyAnswerForm(forms.Form):
    """An answer written beforehand."""

    title = forms.CharField(
        label=_("Titre"), max_length=120, error_messages={"required": _("Donnez un titre à cette réponse.")}
    )
    text = text_field(
        _("Réponse"),
        rows=8,
        help_text=_("{prenom}, {nom}, {reference} et {promesse} sont remplacés dans la réponse."),
        error_messages={"required": _("Écrivez la réponse.")},
    )
    office = forms.TypedChoiceField(label=_("Pour le bureau"), required=False)
    active = forms.BooleanField(label=_("Proposée"), required=False, initial=True)

    def __init__(self, *args: Any, offices: Iterable[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row_field(self, "office", offices, _("tous les bureaux"))
