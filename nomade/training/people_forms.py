"""What is typed about people: their skills, what is left of a training, the risks they work under, documents."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.files.forms import UploadsField
from nomade.files.uploads import DOCUMENTS, PDF
from nomade.kernel.clock import today
from nomade.people.models import OrgUnit
from nomade.training.fields import CourseField
from nomade.training.forms import DateInput, EvaluationForm
from nomade.training.models import Obligation, Risk, SkillLevel


class SkillForm(forms.Form):
    """What an agent can do, and what proves it."""

    label = forms.CharField(
        label=gettext_lazy("Ce que je sais faire"),
        max_length=160,
        help_text=gettext_lazy("Par exemple : permis B, langue des signes, soudure à l’arc, CACES R489."),
    )
    level = forms.ChoiceField(label=gettext_lazy("Niveau"), choices=SkillLevel.choices, initial=SkillLevel.PRACTICE)
    obtained_on = forms.DateField(label=gettext_lazy("Obtenue le"), widget=DateInput, required=False)
    expires_on = forms.DateField(label=gettext_lazy("Valable jusqu’au"), widget=DateInput, required=False)
    proof = UploadsField(
        label=gettext_lazy("Justificatif : diplôme, attestation, carte"), kinds=DOCUMENTS, most=1, required=False
    )

    def clean_obtained_on(self) -> date | None:
        day: date | None = self.cleaned_data["obtained_on"]
        if day and day > today():
            raise ValidationError(_("Cette date est à venir."))
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("obtained_on"), data.get("expires_on")
        if first and last and last < first:
            self.add_error("expires_on", _("La fin est avant le début."))
        return data


class CheckSkillForm(forms.Form):
    """What the office makes of a declared skill."""

    course = CourseField(
        label=gettext_lazy("Elle vaut cette formation du catalogue"),
        required=False,
        empty_label=gettext_lazy("aucune : une compétence seulement"),
    )
    remark = forms.CharField(
        label=gettext_lazy("Motif, si elle n’est pas retenue"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class LaterForm(forms.Form):
    """Two marks and a word, some months later."""

    used = forms.TypedChoiceField(
        label=gettext_lazy("Je me sers de ce que j’ai appris"),
        choices=EvaluationForm.MARKS,
        coerce=int,
        widget=forms.RadioSelect,
    )
    effect = forms.TypedChoiceField(
        label=gettext_lazy("Mon travail en est plus facile ou meilleur"),
        choices=EvaluationForm.MARKS,
        coerce=int,
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=gettext_lazy("Autre chose à dire"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Lu par le service formation, sans votre nom."),
    )


class LaterTeamForm(LaterForm):
    """The same, as who supervises sees it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["used"].label = _("L’agent a pu se servir de ce qu’il a appris")
        self.fields["effect"].label = _("Le travail de l’équipe en est plus facile ou meilleur")


class DocumentsForm(forms.Form):
    """Documents for who follows a session."""

    documents = UploadsField(label=gettext_lazy("Documents à joindre"), kinds=(PDF,), most=5)


class RiskForm(forms.ModelForm):  # type: ignore[type-arg]  # not a generic class at run time
    """A risk."""

    class Meta:
        model = Risk
        fields = ("label",)
        labels = {"label": gettext_lazy("Risque")}


class ExposureForm(forms.Form):
    """Who works under a risk."""

    risk = forms.ModelChoiceField(label=gettext_lazy("Risque"), queryset=Risk.objects.all(), empty_label=None)
    matricules = forms.CharField(
        label=gettext_lazy("Matricules"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Séparés par des espaces ou des virgules."),
    )


class ObligationForm(forms.ModelForm):  # type: ignore[type-arg]  # not a generic class at run time
    """Who must have followed what."""

    course = CourseField()
    unit = forms.CharField(
        label=gettext_lazy("Unité"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Son chemin, comme DEVE/SD-TERRITOIRES ; vide pour toute la collectivité."),
    )
    valid_from = forms.DateField(label=gettext_lazy("En vigueur depuis le"), widget=DateInput)
    valid_to = forms.DateField(label=gettext_lazy("Jusqu’au"), widget=DateInput, required=False)

    class Meta:
        model = Obligation
        fields = (
            "label", "course", "source", "posts", "status", "category", "risk", "within_days", "valid_from", "valid_to",
        )  # fmt: skip
        labels = {
            "label": gettext_lazy("Obligation"),
            "source": gettext_lazy("Texte"),
            "posts": gettext_lazy("Mots des métiers"),
            "status": gettext_lazy("Statut"),
            "category": gettext_lazy("Catégorie"),
            "risk": gettext_lazy("Risque"),
            "within_days": gettext_lazy("Jours laissés pour la suivre"),
        }
        help_texts = {
            "posts": gettext_lazy("Débuts de mots, séparés par des espaces : « jardin paysag »."),
            "within_days": gettext_lazy("Depuis l’arrivée, l’exposition au risque ou le début de l’obligation."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.unit:
            self.initial["unit"] = self.instance.unit.path
        if self.instance.pk is None:
            self.initial["valid_from"] = today()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("Le dernier jour est avant le premier."))
        return data

    def clean_unit(self) -> OrgUnit | None:
        path = self.cleaned_data["unit"].strip()
        found = OrgUnit.objects.filter(path=path).first() if path else None
        if path and found is None:
            raise ValidationError(_("Cette unité n’existe pas : écrivez son chemin, comme DEVE/SD-TERRITOIRES."))
        return found

    def save(self, commit: bool = True) -> Obligation:
        """The row with its unit; only actions write."""
        found: Obligation = super().save(commit=False)
        found.unit = self.cleaned_data["unit"]
        return found


class HabilitationForm(forms.Form):
    """What an agent holds from elsewhere."""

    matricule = forms.CharField(label=gettext_lazy("Matricule de l’agent"), max_length=20)
    course = CourseField()
    obtained_on = forms.DateField(label=gettext_lazy("Obtenue le"), widget=DateInput)
    expires_on = forms.DateField(label=gettext_lazy("Valable jusqu’au"), widget=DateInput, required=False)
    proof = UploadsField(label=gettext_lazy("Justificatif"), kinds=(PDF,), most=1, required=False)
