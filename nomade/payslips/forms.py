"""What a pay officer types: a file to read, a batch to release or to recall."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.kernel.clock import PARIS, now
from nomade.payslips.actions.uploads import Wanted
from nomade.payslips.models import PayslipType

ALLOWED = (".pdf", ".zip", ".csv")
MOST_FILES = 2000


class FilesInput(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each checked by its name and first bytes."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            raise ValidationError(_("Choisissez le fichier de la paie."))
        files = [super(FilesField, self).clean(item, initial) for item in given]
        if len(files) > MOST_FILES:
            raise ValidationError(_("Trop de fichiers à la fois : mettez-les dans une archive ZIP."))
        if sum(file.size or 0 for file in files) > settings.NOMADE.pay_upload_megabytes * 1024**2:
            most = settings.NOMADE.pay_upload_megabytes
            raise ValidationError(_("L’ensemble dépasse %(most)s Mo : envoyez-le en plusieurs fois.") % {"most": most})
        for file in files:
            _check(file)
        names = [file.name.lower() for file in files]
        if len(set(names)) != len(names):
            raise ValidationError(_("Deux fichiers portent le même nom."))
        if not any(name.endswith((".pdf", ".zip")) for name in names):
            raise ValidationError(_("Il manque le PDF : un index seul ne contient aucun bulletin."))
        if len(files) > 1 and any(name.endswith(".zip") for name in names):
            raise ValidationError(_("Envoyez l’archive ZIP seule : elle peut contenir l’index."))
        return files


def _check(file: UploadedFile) -> None:
    name = (file.name or "").lower()
    start = file.read(5)
    file.seek(0)
    if not name.endswith(ALLOWED):
        raise ValidationError(_("%(name)s n’est ni un PDF, ni une archive ZIP, ni un index CSV.") % {"name": file.name})
    if (name.endswith(".pdf") and not start.startswith(b"%PDF")) or (name.endswith(".zip") and start[:2] != b"PK"):
        kind = _("un PDF") if name.endswith(".pdf") else _("une archive ZIP")
        told = _("%(name)s est abîmé, ou n’est pas %(kind)s. Rien n’a été importé : demandez le fichier à nouveau.")
        raise ValidationError(told % {"name": file.name, "kind": kind})


class ImportForm(forms.Form):
    """A file of slips and what it is."""

    upload = FilesField(label=gettext_lazy("Fichier de la paie"))
    period = forms.CharField(label=gettext_lazy("Mois de paie"), max_length=7)
    type = forms.ChoiceField(label=gettext_lazy("Nature"), choices=PayslipType.choices, initial=PayslipType.ORDINARY)
    run = forms.CharField(label=gettext_lazy("Nom du traitement"), max_length=40, required=False)
    announced = forms.IntegerField(label=gettext_lazy("Effectif annoncé par la paie"), min_value=1, required=False)
    corrections = forms.BooleanField(
        label=gettext_lazy("Ce sont des bulletins rectificatifs : ils remplacent les précédents, qui restent gardés"),
        required=False,
    )
    matricule_pattern = forms.CharField(
        label=gettext_lazy("Expression qui trouve le matricule"), max_length=200, required=False
    )

    def clean_period(self) -> date | None:
        text = self.cleaned_data["period"].strip().lower()
        if text == "auto":
            return None
        found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text)
        if found is None:
            raise ValidationError(_("Écrivez le mois comme 2026-10, ou « auto » pour le lire sur chaque page."))
        return date(int(found[1]), int(found[2]), 1)

    def clean_matricule_pattern(self) -> str:
        text: str = self.cleaned_data["matricule_pattern"]
        if not text:
            return ""
        try:
            groups = re.compile(text).groups
        except re.error as error:
            raise ValidationError(_("Cette expression n’est pas correcte : %(why)s.") % {"why": error}) from error
        if groups != 1:
            raise ValidationError(_("L’expression du matricule doit avoir un groupe, et un seul."))
        return text

    def wanted(self) -> Wanted:
        """What a valid form asks."""
        data = self.cleaned_data
        return Wanted(
            period=data["period"],
            run=data["run"].strip(),
            type=PayslipType(data["type"]),
            corrections=data["corrections"],
            announced=data["announced"],
            matricule_pattern=data["matricule_pattern"],
        )


class InstantInput(forms.DateTimeInput):
    """The date and time field of the browser, whose value is always ISO."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class ReleaseForm(forms.Form):
    """When a batch becomes visible; nothing means now."""

    at = forms.DateTimeField(
        label=gettext_lazy("Date et heure de publication"),
        required=False,
        widget=InstantInput,
        input_formats=["%Y-%m-%dT%H:%M"],
    )

    def clean_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        if at is None:
            return None
        at = at.replace(tzinfo=PARIS) if at.tzinfo is None else at.astimezone(PARIS)
        if at < now():
            raise ValidationError(_("Cette date est passée : laissez vide pour publier tout de suite."))
        return at


class RecallForm(forms.Form):
    """Why a batch or a slip is taken back: the agents read it."""

    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Écrivez le motif : les agents concernés le liront.")},
    )


class LineForm(forms.Form):
    """What a line of a slip means, from a month on."""

    label = forms.CharField(
        label=gettext_lazy("La ligne commence par"),
        max_length=80,
        min_length=2,
        help_text=gettext_lazy("Comme elle est imprimée sur le bulletin, par exemple « Prime de technicité »."),
    )
    text = forms.CharField(
        label=gettext_lazy("Explication"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("En français simple, sans montant. Vide : la ligne n’est plus expliquée."),
    )
    valid_from = forms.CharField(
        label=gettext_lazy("À partir des bulletins de"), max_length=7, widget=forms.TextInput(attrs={"type": "month"})
    )

    def clean_valid_from(self) -> date:
        """The first day of the month."""
        try:
            return date.fromisoformat(f"{self.cleaned_data['valid_from'].strip()}-01")
        except ValueError as error:
            raise ValidationError(_("Écrivez un mois comme 2026-10.")) from error
