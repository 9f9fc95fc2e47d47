"""What an editor types, and whom it is for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nomade.files.forms import UploadsField
from nomade.files.uploads import JPG, PNG
from nomade.kernel.clock import PARIS, today
from nomade.news.audience import Aim
from nomade.news.models import Article, Kind, Page
from nomade.people.models import Agent, OrgUnit, Status

#: As many targets as one form offers; the empty ones are left out.
TARGETS = 4
TEXT = ("kind", "title", "summary", "body", "pinned", "must_read", "picture_alt", "starts_at", "place", "ends_at")
CATEGORIES = [("", _("Toutes")), ("A", "A"), ("B", "B"), ("C", "C")]


class MomentField(forms.DateTimeField):
    """A day and an hour in Paris, as the browser's own field writes them."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **options)

    def prepare_value(self, value: Any) -> Any:
        """In Paris, whatever the server's own zone."""
        return value.astimezone(PARIS) if hasattr(value, "astimezone") and value.tzinfo else value


class TargetsForm(forms.Form):
    """Whom an article is for: each line adds people; nothing at all is everybody."""

    def __init__(self, *args: Any, aims: tuple[Aim, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        statuses = [("", _("Tous")), *Status.choices]
        for rank in range(TARGETS):
            known = aims[rank] if rank < len(aims) else Aim()
            initial = known.unit.path if known.unit else ""
            self.fields[f"unit_{rank}"] = forms.CharField(
                label=_("Unité et tout ce qui en dépend"), required=False, initial=initial, max_length=400
            )
            self.fields[f"unit_{rank}"].widget.attrs["list"] = "unites"
            self.fields[f"status_{rank}"] = forms.ChoiceField(
                label=_("Statut"), choices=statuses, required=False, initial=known.status
            )
            self.fields[f"category_{rank}"] = forms.ChoiceField(
                label=_("Catégorie"), choices=CATEGORIES, required=False, initial=known.category
            )
            self.fields[f"place_{rank}"] = forms.CharField(
                label=_("Lieu"), required=False, initial=known.place, max_length=160
            )

    def lines(self) -> Iterator[list[Any]]:
        """The fields of each target, for the template."""
        for rank in range(TARGETS):
            yield [self[f"{name}_{rank}"] for name in ("unit", "status", "category", "place")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        paths = {cleaned.get(f"unit_{rank}", "").strip().strip("/") for rank in range(TARGETS)} - {""}
        units = {unit.path: unit for unit in OrgUnit.objects.filter(path__in=paths)}
        for rank in range(TARGETS):
            path = cleaned.get(f"unit_{rank}", "").strip().strip("/")
            cleaned[f"unit_{rank}"] = units.get(path)
            if path and path not in units:
                self.add_error(f"unit_{rank}", _("Cette unité n’existe pas : écrivez son code, comme DEVE/SD-ARBRE."))
        return cleaned

    def aims(self) -> list[Aim]:
        """The targets that were filled in."""
        given = self.cleaned_data
        found = [
            Aim(
                unit=given.get(f"unit_{rank}"),
                status=given.get(f"status_{rank}", ""),
                category=given.get(f"category_{rank}", ""),
                place=given.get(f"place_{rank}", ""),
            )
            for rank in range(TARGETS)
        ]
        return [aim for aim in found if aim != Aim()]


class ArticleForm(TargetsForm):
    """An article, whom it is for, and its files."""

    kind = forms.ChoiceField(label=_("Nature"), choices=Kind.choices)
    title = forms.CharField(label=_("Titre"), max_length=160)
    summary = forms.CharField(
        label=_("Résumé"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Une ou deux phrases : c’est ce que chacun lit en premier."),
    )
    body = forms.CharField(
        label=_("Texte"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("## pour un intertitre, - pour une liste, **gras**, [texte](https://adresse) pour un lien."),
    )
    pinned = forms.BooleanField(label=_("Garder en tête de liste"), required=False)
    must_read = forms.BooleanField(label=_("Lecture obligatoire, avec accusé de lecture"), required=False)
    starts_at = MomentField(label=_("Début de l’événement"), required=False)
    place = forms.CharField(label=_("Lieu de l’événement"), required=False, max_length=160)
    ends_at = MomentField(label=_("Fin d’affichage"), required=False)
    picture = UploadsField(label=_("Image"), kinds=(JPG, PNG), most=1, required=False)
    picture_alt = forms.CharField(
        label=_("Ce que montre l’image"),
        required=False,
        max_length=250,
        help_text=_("Obligatoire avec une image : les personnes qui ne la voient pas en ont besoin."),
    )
    drop_picture = forms.BooleanField(label=_("Retirer l’image"), required=False)
    documents = UploadsField(label=_("Documents à joindre"), most=5, required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, article: Article | None = None, **kwargs: Any) -> None:
        if article is not None:
            kwargs["initial"] = {name: getattr(article, name) for name in (*TEXT, "version")}
            kwargs["aims"] = tuple(Aim.of(target) for target in article.targets.select_related("unit"))
        super().__init__(*args, **kwargs)
        self.has_picture = bool(article and article.picture_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == Kind.EVENT and not cleaned.get("starts_at"):
            self.add_error("starts_at", _("Un événement a un jour et une heure."))
        keeps = self.has_picture and not cleaned.get("drop_picture")
        if (cleaned.get("picture") or keeps) and not cleaned.get("picture_alt"):
            self.add_error("picture_alt", _("Décrivez l’image en une phrase."))
        return cleaned


class PublishForm(forms.Form):
    """Now, or at a moment."""

    at = MomentField(label=_("Publier le"), required=False, help_text=_("Laissez vide pour publier tout de suite."))


class PageForm(forms.Form):
    """A useful page; its owner is named by matricule."""

    title = forms.CharField(label=_("Titre"), max_length=120)
    summary = forms.CharField(label=_("Résumé"), max_length=200, required=False)
    body = forms.CharField(
        label=_("Texte"),
        required=False,
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("## pour un intertitre, - pour une liste, **gras**, [texte](https://adresse) pour un lien."),
    )
    parent = forms.ModelChoiceField(
        label=_("Rangée sous"), queryset=Page.objects.none(), required=False, empty_label=_("Tout en haut")
    )
    owner = forms.CharField(
        label=_("Matricule de qui tient cette page à jour"), max_length=20, help_text=_("Cette personne est relancée.")
    )
    review_by = forms.DateField(
        label=_("À relire avant le"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    order = forms.IntegerField(label=_("Rang"), min_value=0, max_value=1000)
    is_shown = forms.BooleanField(label=_("Visible"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, page: Page | None, writer: Agent) -> None:
        initial: dict[str, Any] = {"order": 100, "is_shown": True, "owner": writer.matricule}
        initial["review_by"] = today() + timedelta(days=365)
        if page is not None:
            names = ("title", "summary", "body", "parent", "review_by", "order", "is_shown", "version")
            initial = {name: getattr(page, name) for name in names} | {"owner": page.owner.matricule}
        super().__init__(data, initial=initial)
        parents = self.fields["parent"]
        assert isinstance(parents, forms.ModelChoiceField)
        parents.queryset = Page.objects.exclude(pk=page.pk if page else 0).in_order()

    def clean_owner(self) -> Agent:
        """The owner, who must be one of the agents."""
        found = Agent.objects.filter(matricule=self.cleaned_data["owner"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("Aucun agent n’a ce matricule : vérifiez-le sur sa fiche de l’annuaire."))
        return found

    def fields_to_keep(self) -> dict[str, Any]:
        """What was typed, by field."""
        return dict(self.cleaned_data)
