"""What is typed about training."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.files.forms import UploadsField
from nomade.files.uploads import PDF
from nomade.kernel.clock import today
from nomade.people.models import Agent, OrgUnit
from nomade.training.fields import CourseField
from nomade.training.models import Course, CourseKind, Half, Modality, OutsideKind, Priority, Room

MOST_DAYS = 20


class DateInput(forms.DateInput):
    """The date field of the browser, whose value is always ISO."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AskForm(forms.Form):
    """Why, and how much it matters: both already filled, so that asking takes two taps."""

    form_token = forms.CharField(widget=forms.HiddenInput)
    priority = forms.ChoiceField(label=gettext_lazy("Cette formation est"), choices=Priority.choices)
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi cette formation"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    needs = forms.CharField(
        label=gettext_lazy("Ce qu’il me faut pour la suivre"),
        max_length=400,
        required=False,
        help_text=gettext_lazy(
            "Accès sans marches, interprète, documents agrandis… Lu par le service formation et le formateur seulement."
        ),
    )


class RefuseManyForm(forms.Form):
    """A refusal: its reason, and its rule, which is proposed."""

    reason = forms.CharField(label=gettext_lazy("Motif"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))
    rule = forms.CharField(
        label=gettext_lazy("Règle"),
        max_length=200,
        initial=gettext_lazy("Nécessités du service (CGFP, art. L.422-22)"),
        help_text=gettext_lazy("Le texte sur lequel repose le refus : l’agent le lira avec le motif."),
    )


class RefuseForm(RefuseManyForm):
    """A refusal, and the opinion that the law may want."""

    opinion_on = forms.DateField(
        label=gettext_lazy("Date de l’avis de la commission administrative paritaire"), widget=DateInput, required=False
    )

    def clean_opinion_on(self) -> date | None:
        day: date | None = self.cleaned_data["opinion_on"]
        if day and day > today():
            raise ValidationError(_("Cette date est à venir : l’avis doit être rendu."))
        return day


class OutsideForm(forms.Form):
    """A training that the catalogue does not have."""

    form_token = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Demande"), choices=OutsideKind.choices)
    course_kind = forms.ChoiceField(label=gettext_lazy("Type de formation"), choices=CourseKind.choices)
    title = forms.CharField(label=gettext_lazy("Intitulé de la formation"), max_length=200)
    organism = forms.CharField(label=gettext_lazy("Organisme"), max_length=200)
    link = forms.URLField(
        label=gettext_lazy("Adresse de la page de la formation"), max_length=400, required=False, assume_scheme="https"
    )
    first_day = forms.DateField(label=gettext_lazy("Premier jour"), widget=DateInput)
    last_day = forms.DateField(label=gettext_lazy("Dernier jour"), widget=DateInput)
    hours = forms.DecimalField(
        localize=True, label=gettext_lazy("Durée en heures"), min_value=1, max_value=999, decimal_places=1
    )
    cost = forms.DecimalField(
        localize=True, label=gettext_lazy("Coût en euros"), min_value=0, max_value=99_999, decimal_places=2, initial=0
    )
    project = forms.CharField(
        label=gettext_lazy("À quoi elle vous servira"), max_length=3000, widget=forms.Textarea(attrs={"rows": 5})
    )
    financing = forms.CharField(
        label=gettext_lazy("Qui la paie"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Vos heures de compte personnel, la collectivité, vous-même ; et la part de chacun."),
    )
    quote = UploadsField(label=gettext_lazy("Devis ou programme"), kinds=(PDF,), most=1, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") == OutsideKind.CPF and not data.get("financing", "").strip():
            self.add_error("financing", _("Dites comment elle est payée : la loi le demande pour le compte personnel."))
        first, last = data.get("first_day"), data.get("last_day")
        if first and first < today():
            self.add_error("first_day", _("Ce jour est passé."))
        if first and last and last < first:
            self.add_error("last_day", _("Le dernier jour est avant le premier."))
        return data


class CourseForm(forms.ModelForm):  # type: ignore[type-arg]  # not a generic class at run time
    """A course of the catalogue."""

    requires = CourseField(label=gettext_lazy("Formation à avoir suivie avant"), required=False)
    attached = UploadsField(label=gettext_lazy("Documents joints"), kinds=(PDF,), most=5, required=False)

    class Meta:
        model = Course
        localized_fields = ("hours", "cost")
        fields = (
            "code", "title", "domain", "kind", "modality", "hours", "cost", "audience", "prerequisites", "requires",
            "objectives", "programme", "provider", "accessibility", "posts", "valid_months", "is_offered",
        )  # fmt: skip
        labels = {
            "code": gettext_lazy("Code"),
            "title": gettext_lazy("Titre"),
            "domain": gettext_lazy("Domaine"),
            "kind": gettext_lazy("Type"),
            "modality": gettext_lazy("Modalité"),
            "hours": gettext_lazy("Durée en heures"),
            "cost": gettext_lazy("Coût par participant, en euros"),
            "audience": gettext_lazy("Public"),
            "prerequisites": gettext_lazy("Prérequis"),
            "objectives": gettext_lazy("Objectifs"),
            "programme": gettext_lazy("Programme"),
            "provider": gettext_lazy("Organisme ou formateur"),
            "accessibility": gettext_lazy("Accessibilité aux personnes handicapées"),
            "posts": gettext_lazy("Mots des métiers visés"),
            "valid_months": gettext_lazy("Validité, en mois"),
            "is_offered": gettext_lazy("Proposée dans le catalogue"),
        }
        help_texts = {
            "posts": gettext_lazy("Débuts de mots, séparés par des espaces : « jardin paysag »."),
            "valid_months": gettext_lazy("Pour une habilitation à renouveler ; vide si elle ne s’éteint pas."),
        }
        widgets = {
            "objectives": forms.Textarea(attrs={"rows": 4}),
            "programme": forms.Textarea(attrs={"rows": 6}),
        }


class SessionForm(forms.Form):
    """The dates, the place and the seats of a session. Half-days are written one a line, as people dictate them."""

    days = forms.CharField(
        label=gettext_lazy("Demi-journées"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Un jour par ligne : 12/01/2027, 13/01/2027 matin, 14/01/2027 après-midi."),
    )
    room = forms.ModelChoiceField(
        label=gettext_lazy("Salle"), queryset=Room.objects.all(), required=False, empty_label=gettext_lazy("aucune")
    )
    place = forms.CharField(label=gettext_lazy("Autre lieu, ou adresse de connexion"), max_length=300, required=False)
    min_seats = forms.IntegerField(label=gettext_lazy("Places, au moins"), min_value=1, max_value=500, initial=4)
    max_seats = forms.IntegerField(label=gettext_lazy("Places, au plus"), min_value=1, max_value=500, initial=12)
    enrol_until = forms.DateField(label=gettext_lazy("Inscriptions jusqu’au"), widget=DateInput)
    withdraw_days = forms.IntegerField(
        label=gettext_lazy("Désistement libre jusqu’à, en jours avant"), min_value=0, max_value=60, initial=7
    )
    accept_hours = forms.IntegerField(
        label=gettext_lazy("Heures pour accepter une place qui se libère"), min_value=1, max_value=240, initial=48
    )
    trainers = forms.CharField(
        label=gettext_lazy("Formateurs de la collectivité"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Leurs matricules, séparés par des espaces."),
    )
    outside_trainers = forms.CharField(label=gettext_lazy("Autres formateurs"), max_length=200, required=False)
    quotas = forms.CharField(
        label=gettext_lazy("Places par unité"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Une unité par ligne et son nombre de places : DEVE 4."),
    )
    notes = forms.CharField(
        label=gettext_lazy("À savoir"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_days(self) -> list[tuple[date, Half]]:
        halves: list[tuple[date, Half]] = []
        lines = [line.strip() for line in self.cleaned_data["days"].splitlines() if line.strip()]
        if len(lines) > MOST_DAYS:
            raise ValidationError(_("Une session a %(most)s jours au plus."), params={"most": MOST_DAYS})
        for line in lines:
            halves += _halves_of(line)
        if len(set(halves)) != len(halves):
            raise ValidationError(_("La même demi-journée est écrite deux fois."))
        return halves

    def clean_trainers(self) -> list[Agent]:
        wanted = self.cleaned_data["trainers"].replace(",", " ").split()
        found = {agent.matricule: agent for agent in Agent.objects.present(today()).filter(matricule__in=wanted)}
        missing = [matricule for matricule in wanted if matricule not in found]
        if missing:
            raise ValidationError(_("Aucun agent ne porte ce matricule : %(names)s."), params={"names": missing[0]})
        return list(found.values())

    def clean_quotas(self) -> list[tuple[OrgUnit, int]]:
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["quotas"].splitlines())):
            path, _space, seats = line.rpartition(" ")
            unit = OrgUnit.objects.filter(path=path.strip()).first()
            if unit is None or not seats.isdigit():
                message = _("« %(line)s » : écrivez le chemin d’une unité puis un nombre.")
                raise ValidationError(message, params={"line": line})
            found.append((unit, int(seats)))
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("min_seats") and data.get("max_seats") and data["min_seats"] > data["max_seats"]:
            self.add_error("max_seats", _("Moins que le nombre minimal de places."))
        return data


def _halves_of(line: str) -> list[tuple[date, Half]]:
    words = line.lower().replace("-", " ").split()
    try:
        numbers = [int(part) for part in words[0].split("/")]
        day = date(numbers[2], numbers[1], numbers[0])
    except (ValueError, IndexError) as error:
        raise ValidationError(_("« %(line)s » n’est pas un jour, comme 12/01/2027."), params={"line": line}) from error
    rest = " ".join(words[1:])
    if not rest:
        return [(day, Half.MORNING), (day, Half.AFTERNOON)]
    if rest == "matin":
        return [(day, Half.MORNING)]
    if rest in {"après midi", "apres midi"}:
        return [(day, Half.AFTERNOON)]
    raise ValidationError(_("« %(line)s » : écrivez « matin », « après-midi » ou rien."), params={"line": line})


class EvaluationForm(forms.Form):
    """Four marks and a word."""

    MARKS = (
        (4, gettext_lazy("Oui")),
        (3, gettext_lazy("Plutôt oui")),
        (2, gettext_lazy("Plutôt non")),
        (1, gettext_lazy("Non")),
    )

    goals = forms.TypedChoiceField(
        label=gettext_lazy("Les objectifs annoncés sont atteints"), choices=MARKS, coerce=int, widget=forms.RadioSelect
    )
    content = forms.TypedChoiceField(
        label=gettext_lazy("Le contenu m’a convenu"), choices=MARKS, coerce=int, widget=forms.RadioSelect
    )
    trainer = forms.TypedChoiceField(
        label=gettext_lazy("Le formateur était clair"), choices=MARKS, coerce=int, widget=forms.RadioSelect
    )
    usefulness = forms.TypedChoiceField(
        label=gettext_lazy("Elle me servira dans mon travail"), choices=MARKS, coerce=int, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=gettext_lazy("Autre chose à dire"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Lu par le service formation et le formateur, sans votre nom."),
    )


class ImportForm(forms.Form):
    """A catalogue to read."""

    document = forms.FileField(label=gettext_lazy("Fichier CSV ou XLSX"))
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)


class FilterForm(forms.Form):
    """The facets of the catalogue; a value that does not exist narrows nothing."""

    q = forms.CharField(required=False, max_length=100)
    domain = forms.CharField(required=False)
    kind = forms.ChoiceField(required=False, choices=[("", ""), *CourseKind.choices])
    modality = forms.ChoiceField(required=False, choices=[("", ""), *Modality.choices])
    show = forms.ChoiceField(
        required=False,
        choices=[
            ("", gettext_lazy("Toutes")),
            ("metier", gettext_lazy("Pour mon métier")),
            ("dates", gettext_lazy("Avec des dates")),
            ("bientot", gettext_lazy("Bientôt complètes")),
            ("nouvelles", gettext_lazy("Nouvelles")),
            ("favoris", gettext_lazy("Mes favorites")),
        ],
    )


class CircuitForm(forms.Form):
    """Who decides of what."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Type"), choices=[("", gettext_lazy("tous")), *CourseKind.choices], required=False
    )
    from_cost = forms.DecimalField(
        localize=True,
        label=gettext_lazy("À partir de ce coût, en euros"),
        min_value=0,
        max_value=99_999,
        decimal_places=2,
        initial=0,
    )
    from_hours = forms.DecimalField(
        localize=True,
        label=gettext_lazy("À partir de cette durée, en heures"),
        min_value=0,
        max_value=999,
        decimal_places=1,
        initial=0,
    )
    asks_supervisor = forms.BooleanField(label=gettext_lazy("Avis du responsable"), required=False, initial=True)
    asks_office = forms.BooleanField(label=gettext_lazy("Accord du service formation"), required=False, initial=True)
    promised_days = forms.IntegerField(
        label=gettext_lazy("Réponse promise en jours"), min_value=1, max_value=120, initial=15
    )


class RoomForm(forms.ModelForm):  # type: ignore[type-arg]  # not a generic class at run time
    """A room."""

    class Meta:
        model = Room
        fields = ("label", "address", "access", "seats")
        labels = {
            "label": gettext_lazy("Nom de la salle"),
            "address": gettext_lazy("Adresse"),
            "access": gettext_lazy("Accès"),
            "seats": gettext_lazy("Places"),
        }

    def validate_unique(self) -> None:
        """A room of the same name is the one that is changed."""
