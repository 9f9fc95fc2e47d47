"""What agents and technicians type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nomade.cases.dialogue_forms import AnswerForm, path_of, pieces, row_field
from nomade.cases.forms import TokenForm, text_field
from nomade.people.models import Agent
from nomade.support.models import Article, Category, Priority, Team, TicketStatus


class TicketForm(TokenForm):
    """« Nouvelle demande »."""

    category = forms.ModelChoiceField(
        label=_("De quoi s’agit-il ?"),
        queryset=Category.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez ce dont il s’agit.")},
    )
    subject = forms.CharField(
        label=_("En quelques mots"),
        max_length=160,
        help_text=_("Exemple : l’imprimante du 2e étage n’imprime plus"),
        error_messages={"required": _("Dites en quelques mots ce qui se passe.")},
    )
    text = text_field(
        _("Que se passe-t-il ?"),
        help_text=_("Depuis quand, sur quel appareil, ce que vous avez déjà essayé. N’écrivez jamais un mot de passe."),
        error_messages={"required": _("Décrivez ce qui se passe.")},
    )
    blocking = forms.BooleanField(label=_("Cela m’empêche de travailler"), required=False)
    pieces = pieces()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.filter(active=True)  # type: ignore[attr-defined]


class ReportForm(TokenForm):
    """« Signaler un dysfonctionnement », for somebody who is signed in."""

    text = text_field(
        _("Que s’est-il passé ?"),
        help_text=_("Ce que vous vouliez faire, ce que vous avez vu. N’écrivez jamais un mot de passe."),
        error_messages={"required": _("Dites ce qui s’est passé.")},
    )
    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)
    error_reference = forms.RegexField(
        regex=r"^[A-Z0-9]{4}-[A-Z0-9]{4}$",
        label=_("Référence affichée avec l’erreur"),
        help_text=_("Exemple : ABCD-2345"),
        required=False,
        max_length=16,
        error_messages={"invalid": _("La référence compte deux groupes de quatre signes, comme ABCD-2345.")},
    )

    def clean_page(self) -> str:
        """Only a path of ours."""
        return path_of(str(self.cleaned_data["page"]))


class SignedReportForm(ReportForm):
    """The same, with files."""

    pieces = pieces()


class PublicReportForm(ReportForm):
    """The same, for somebody who is not: how to call back."""

    contact = forms.CharField(
        label=_("Votre nom et comment vous joindre"),
        max_length=200,
        help_text=_("Un téléphone ou une adresse, pour que le support vous réponde."),
        error_messages={"required": _("Dites comment vous joindre.")},
    )


class TechnicianForm(AnswerForm):
    """A message of the technician, who more often than not has still to work on it."""

    after = (
        (TicketStatus.OPEN, _("Nous continuons à travailler dessus")),
        (TicketStatus.PENDING, _("Nous attendons la réponse de l’agent")),
        (TicketStatus.SOLVED, _("C’est résolu")),
    )


class SortForm(forms.Form):
    """Category, team and priority of a ticket."""

    category = forms.TypedChoiceField(label=_("Catégorie"))
    team = forms.TypedChoiceField(label=_("Groupe"), required=False, empty_value=None)
    priority = forms.TypedChoiceField(label=_("Priorité"), choices=Priority.choices, coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row_field(self, "category", Category.objects.all())
        row_field(self, "team", Team.objects.order_by("label"), _("aucun"))


class CategoryForm(forms.Form):
    """What a category is called, who looks first, how soon; whether it is still offered."""

    label = forms.CharField(label=_("Nom"), max_length=120)
    hint = forms.CharField(label=_("Exemples"), max_length=200, required=False)
    team = forms.ModelChoiceField(
        label=_("Groupe"), queryset=Team.objects.order_by("label"), required=False, empty_label=_("aucun")
    )
    priority = forms.TypedChoiceField(label=_("Priorité"), choices=Priority.choices, coerce=int)
    active = forms.BooleanField(label=_("Proposée aux agents"), required=False)


class MembersForm(forms.Form):
    """Who is of a group."""

    members = forms.ModelMultipleChoiceField(
        label=_("Membres"), queryset=Agent.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, technicians: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = technicians  # type: ignore[attr-defined]


class ArticleForm(forms.Form):
    """An article of the knowledge base."""

    title = forms.CharField(label=_("Titre"), max_length=160)
    summary = forms.CharField(label=_("En une phrase"), max_length=300)
    category = forms.ModelChoiceField(
        label=_("Catégorie"), queryset=Category.objects.all(), required=False, empty_label=_("aucune")
    )
    body = forms.CharField(
        label=_("Texte"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_(
            "Une ligne vide sépare deux paragraphes. « ## » commence un titre, « - » une puce, « 1. » une étape."
        ),
    )
    published = forms.BooleanField(label=_("Publié : tout le monde peut le lire"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, article: Article) -> ArticleForm:
        """The form filled with an article."""
        fields = ("title", "summary", "category", "body", "published", "version")
        return cls(initial={name: getattr(article, name) for name in fields})


class IncidentForm(forms.Form):
    """« Incident en cours »."""

    title = forms.CharField(label=_("Ce qui ne marche pas"), max_length=160)
    text = forms.CharField(
        label=_("Précisions"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
