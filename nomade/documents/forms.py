"""What agents and HR officers type about documents."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.documents.actions.folders import Label
from nomade.documents.models import DocumentType, Final, Start
from nomade.files.forms import UploadsField
from nomade.files.uploads import MEGABYTE, PDF
from nomade.kernel.clock import today
from nomade.people.models import OrgUnit, Status

# Each file is inspected in a process of its own while the page waits.
MOST_AT_ONCE = 50
ONE_FILE = gettext_lazy("Un seul fichier, de 10 Mo au plus : PDF, JPG ou PNG.")
ONE_PDF = gettext_lazy("Un seul PDF, de 10 Mo au plus.")


class DateInput(forms.DateInput):
    """The date field of the browser, whose value is always ISO."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class LabelForm(forms.Form):
    """What is said of a document."""

    type = forms.ModelChoiceField(
        label=gettext_lazy("Type"), queryset=DocumentType.objects.order_by("label"), empty_label=None
    )
    title = forms.CharField(label=gettext_lazy("Titre"), max_length=160)
    dated_on = forms.DateField(label=gettext_lazy("Date du document"), widget=DateInput)
    needs_acknowledgement = forms.BooleanField(label=gettext_lazy("Demander un accusé de réception"), required=False)

    def label(self) -> Label:
        """What a valid form says."""
        data = self.cleaned_data
        return Label(data["type"], data["title"], data["dated_on"], data["needs_acknowledgement"])


class DepositForm(LabelForm):
    """One document for one agent."""

    matricule = forms.CharField(label=gettext_lazy("Matricule de l’agent"), max_length=20)
    document = UploadsField(label=gettext_lazy("Document"), most=1, help_text=ONE_FILE)


class ManyForm(LabelForm):
    """Many documents, each named by the matricule of its agent."""

    documents = UploadsField(label=gettext_lazy("Documents"), kinds=(PDF,), most=MOST_AT_ONCE)


class LargeForm(LabelForm):
    """One large file for many agents: a PDF to cut, or an archive of PDFs."""

    upload = forms.FileField(
        label=gettext_lazy("Fichier"),
        help_text=gettext_lazy(
            "Un PDF qui porte le matricule sur chaque page (ou un signet par document), ou un ZIP d’un PDF par agent."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.zip"}),
    )
    pattern = forms.CharField(
        label=gettext_lazy("Expression qui trouve le matricule"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Laissez vide si les pages disent « Matricule 00001234 »."),
    )

    def clean_upload(self) -> Any:
        file = self.cleaned_data["upload"]
        start = file.read(5)
        file.seek(0)
        most = settings.NOMADE.document_upload_megabytes
        if start != b"%PDF-" and start[:4] != b"PK\x03\x04":
            raise ValidationError(_("Ce fichier n’est ni un PDF, ni une archive ZIP."))
        if file.size > most * MEGABYTE:
            raise ValidationError(_("Ce fichier est trop lourd (%(most)s Mo au plus).") % {"most": most})
        return file

    def clean_pattern(self) -> str:
        text: str = self.cleaned_data["pattern"]
        try:
            groups = re.compile(text).groups if text else 1
        except re.error as error:
            raise ValidationError(_("Cette expression n’est pas correcte : %(why)s.") % {"why": error}) from error
        if groups != 1:
            raise ValidationError(_("L’expression du matricule doit avoir un groupe, et un seul."))
        return text


class AudienceForm(forms.Form):
    """Who is aimed at; an empty field narrows nothing."""

    unit = forms.CharField(label=gettext_lazy("Code de l’unité"), max_length=400, required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("Statut"), choices=[("", gettext_lazy("tous")), *Status.choices], required=False
    )

    def clean_unit(self) -> OrgUnit | None:
        path = self.cleaned_data["unit"].strip()
        if not path:
            return None
        found = OrgUnit.objects.filter(path=path).first()
        if found is None:
            raise ValidationError(_("Cette unité n’existe pas : écrivez son chemin, comme DEVE/SD-TERRITOIRES."))
        return found


class MustReadForm(AudienceForm):
    """A document that many must read."""

    title = forms.CharField(label=gettext_lazy("Titre"), max_length=160)
    document = UploadsField(label=gettext_lazy("Document"), kinds=(PDF,), most=1, help_text=ONE_PDF)
    place = forms.CharField(label=gettext_lazy("Lieu de travail"), max_length=160, required=False)
    due_on = forms.DateField(label=gettext_lazy("À lire avant le"), widget=DateInput, required=False)


class CollectionForm(AudienceForm):
    """A document asked from several agents."""

    title = forms.CharField(label=gettext_lazy("Document demandé"), max_length=160)
    instructions = forms.CharField(
        label=gettext_lazy("Précisions"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    type = forms.ModelChoiceField(
        label=gettext_lazy("Type"), queryset=DocumentType.objects.order_by("label"), empty_label=None
    )
    wants_expiry = forms.BooleanField(label=gettext_lazy("Le document a une date de fin de validité"), required=False)
    due_on = forms.DateField(label=gettext_lazy("À fournir avant le"), widget=DateInput)
    matricules = forms.CharField(
        label=gettext_lazy("Matricules"), required=False, max_length=20000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_due_on(self) -> Any:
        if self.cleaned_data["due_on"] < today():
            raise ValidationError(_("Cette date est passée."))
        return self.cleaned_data["due_on"]

    def clean_matricules(self) -> list[str]:
        return [word for word in re.split(r"[\s,;]+", self.cleaned_data["matricules"]) if word]


class ProvideForm(forms.Form):
    """What an agent gives."""

    document = UploadsField(label=gettext_lazy("Document"), most=1, help_text=ONE_FILE)
    expires_on = forms.DateField(
        label=gettext_lazy("Fin de validité"),
        widget=DateInput,
        error_messages={"required": gettext_lazy("Indiquez la date de fin de validité du document.")},
    )

    def __init__(self, *given: Any, wants_expiry: bool, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["expires_on"].required = wants_expiry


class RuleForm(forms.Form):
    """How long a type of document is kept, and what says so."""

    label = forms.CharField(label=gettext_lazy("Nom du type"), max_length=80)
    years = forms.IntegerField(label=gettext_lazy("Durée en années"), min_value=1, max_value=120)
    start = forms.ChoiceField(label=gettext_lazy("Comptée depuis"), choices=Start.choices)
    final = forms.ChoiceField(label=gettext_lazy("À la fin de cette durée"), choices=Final.choices)
    source = forms.CharField(
        label=gettext_lazy("Texte qui le dit"),
        max_length=200,
        help_text=gettext_lazy("Loi, arrêté, délibération de la CNIL ou décision interne datée."),
    )


class NewTypeForm(RuleForm):
    """A type that the portal does not know yet."""

    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=20,
        help_text=gettext_lazy("Court, sans espace ni accent : « medaille »."),
    )
    field_order = ("code", "label", "years", "start", "final", "source")


class AnswerForm(forms.Form):
    """Accepting or refusing what was given."""

    decision = forms.ChoiceField(choices=[("approve", ""), ("refuse", "")])
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Motif"), max_length=500, required=False)
