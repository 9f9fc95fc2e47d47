"""Forms of identities and of how one writes."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailkit.html.clean import clean
from mailkit.html.plain import from_letter
from mailkit.mime import addresses, headers
from nomade.mail.models import LONGEST_SIGNATURE, MailIdentity, WritingSettings


class IdentityForm(forms.ModelForm):  # type: ignore[type-arg]
    """A name, an address for answers, a signature."""

    is_default = forms.BooleanField(label=gettext_lazy("L’utiliser d’habitude"), required=False)

    class Meta:
        model = MailIdentity
        fields: ClassVar = ["label", "name", "reply_to", "signature", "signature_html", "is_default"]
        widgets: ClassVar = {
            "signature": forms.Textarea(attrs={"rows": 5}),
            "signature_html": forms.HiddenInput,
            "reply_to": forms.EmailInput,
        }

    def clean_name(self) -> str:
        """What the recipient reads: one line, and no address that could pass for another's."""
        name = headers.clean(str(self.cleaned_data["name"])).strip()
        if "@" in name or not name:
            raise forms.ValidationError(_("Écrivez un nom, sans adresse."))
        return name

    def clean_reply_to(self) -> str:
        """One address, or none."""
        typed = str(self.cleaned_data["reply_to"]).strip()
        if typed and not addresses.is_valid(typed):
            raise forms.ValidationError(_("Cette adresse n’est pas complète. Écrivez par exemple prenom.nom@paris.fr."))
        return typed

    def clean_signature_html(self) -> str:
        """Harmless, and nothing when plain text was chosen."""
        return clean(str(self.cleaned_data["signature_html"])).html if self.data.get("format") == "rich" else ""

    def clean(self) -> dict[str, Any]:
        """The lines of a formatted signature are those of its text; one without words is none."""
        data = super().clean() or {}
        if html := data.get("signature_html"):
            data["signature"] = from_letter(html)
            if len(data["signature"]) > LONGEST_SIGNATURE:
                self.add_error("signature", _("Cette signature est trop longue."))
            data["signature_html"] = html if data["signature"] else ""
        return data


class WritingForm(forms.ModelForm):  # type: ignore[type-arg]
    """How one writes, and what « Envoyer » asks."""

    undo_seconds = forms.TypedChoiceField(
        label=gettext_lazy("Après « Envoyer », me laisser"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=(),
    )

    class Meta:
        model = WritingSettings
        fields: ClassVar = ["writing_format", "signature_place", "undo_seconds", "confirm_attachment",
                            "confirm_subject", "confirm_many", "confirm_outside"]  # fmt: skip
        labels: ClassVar = {
            "writing_format": gettext_lazy("Format des nouveaux messages"),
            "signature_place": gettext_lazy("Place de la signature dans une réponse"),
            "confirm_attachment": gettext_lazy("Me signaler une pièce jointe oubliée"),
            "confirm_subject": gettext_lazy("Me signaler un objet vide"),
            "confirm_many": gettext_lazy("Confirmer un envoi à beaucoup de personnes"),
            "confirm_outside": gettext_lazy("Confirmer tout envoi à l’extérieur"),
        }
        widgets: ClassVar = {"writing_format": forms.RadioSelect, "signature_place": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seconds = [(str(n), _("%(n)s secondes pour annuler") % {"n": n}) for n in (10, 20, 30, 60)]
        choices = [("", _("Le délai de la collectivité")), ("0", _("Aucun délai")), *seconds]
        self.fields["undo_seconds"].choices = choices  # type: ignore[attr-defined]
