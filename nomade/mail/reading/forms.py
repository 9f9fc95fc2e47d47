"""Forms of reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from mailkit.imap import Folder
from nomade.mail.models import Label, ReadingSettings
from nomade.mail.reading.opening import LABELS, Place

# No folder has this name: `*` stands for all of them in IMAP's LIST.
EVERYWHERE = "*"


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """How one reads."""

    class Meta:
        model = ReadingSettings
        fields: ClassVar = ["pane", "density", "threaded", "subscribed_only", "receipts", "confirm_delete",
                            "shortcuts", "notify"]  # fmt: skip
        labels: ClassVar = {
            "pane": _("Où s’ouvre un message, sur un grand écran"),
            "density": _("Hauteur des lignes"),
            "threaded": _("Regrouper les messages d’une même conversation"),
            "subscribed_only": _("Ne montrer que les dossiers affichés"),
            "receipts": _("Quand un expéditeur demande un accusé de lecture"),
            "confirm_delete": _("Confirmer avant de supprimer définitivement"),
            "shortcuts": _("Raccourcis d’une seule touche"),
            "notify": _("Me prévenir sur cet ordinateur quand un message arrive"),
        }
        widgets: ClassVar = {
            "pane": forms.RadioSelect,
            "density": forms.RadioSelect,
            "receipts": forms.RadioSelect,
        }


class LabelForm(forms.ModelForm):  # type: ignore[type-arg]
    """A label."""

    class Meta:
        model = Label
        fields: ClassVar = ["name", "colour"]


class FolderForm(forms.Form):
    """A folder's last word, and the folder it lies in."""

    name = forms.CharField(label=_("Nom du dossier"), max_length=60)
    parent = forms.ChoiceField(label=_("Rangé dans"), required=False)

    def __init__(self, *args: Any, folders: tuple[Folder, ...], without: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("Aucun : à la racine")),
            *(
                (folder.name, LABELS.get(folder.role) or folder.name)
                for folder in folders
                if folder.name != without
                and folder.delimiter
                and folder.role in ("", "inbox", "archive")
                and folder.may("k")
            ),
        ]


class SearchForm(forms.Form):
    """A search, field by field."""

    words = forms.CharField(label=_("Mots, dans l’objet ou parmi les personnes"), max_length=100, required=False)
    sender = forms.CharField(label=_("Expéditeur"), max_length=100, required=False)
    recipients = forms.CharField(label=_("Destinataire"), max_length=100, required=False)
    subject = forms.CharField(label=_("Objet"), max_length=100, required=False)
    body = forms.CharField(label=_("Dans le texte du message"), max_length=100, required=False)
    since = forms.DateField(label=_("Reçu à partir du"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    before = forms.DateField(label=_("Reçu jusqu’au"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    attachment = forms.BooleanField(label=_("Avec une pièce jointe"), required=False)
    unread = forms.BooleanField(label=_("Non lu"), required=False)
    place = forms.ChoiceField(label=_("Où chercher"), required=False)

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        every = (EVERYWHERE, _("Dans tous les dossiers"))
        field.choices = [every, *((place.folder.name, place.full_label) for place in places)]

    @property
    def folder(self) -> str:
        """The folder that was chosen; empty for all of them."""
        chosen = str(self.cleaned_data["place"])
        return "" if chosen == EVERYWHERE else chosen

    def typed(self) -> str:
        """The same search as one would type it."""
        found = self.cleaned_data
        pieces = [found["words"]] if found["words"] else []
        for name, key in (("sender", "de"), ("recipients", "à"), ("subject", "objet"), ("body", "texte")):
            if found[name]:
                pieces.append(f'{key}:"{found[name].replace(chr(34), " ")}"')
        if found["since"]:
            pieces.append(f"depuis:{found['since'].isoformat()}")
        if found["before"]:
            pieces.append(f"jusqua:{found['before'].isoformat()}")
        for name, words in (("attachment", "a:pièce"), ("unread", "est:nonlu")):
            if found[name]:
                pieces.append(words)
        if found["place"] == EVERYWHERE:
            pieces.append("dans:tout")
        return " ".join(pieces)
