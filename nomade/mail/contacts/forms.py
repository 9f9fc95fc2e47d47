"""Forms of contacts."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailkit.mime import addresses
from nomade.mail.contacts.cards import LARGEST
from nomade.mail.models import Contact, ContactGroup
from nomade.people.models import Agent


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """Somebody of one's own."""

    groups = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Groupes"),
        queryset=ContactGroup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Contact
        fields: ClassVar = ["name", "email", "organisation", "phone", "note"]
        widgets: ClassVar = {"note": forms.Textarea(attrs={"rows": 3}), "email": forms.EmailInput}

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = ContactGroup.objects.filter(agent=agent)
        self.fields["groups"].queryset = own  # type: ignore[attr-defined]
        if not self.instance.is_new:
            self.initial["groups"] = self.instance.groups.all()

    def clean_email(self) -> str:
        """An address that we accept to write to."""
        typed = str(self.cleaned_data["email"]).strip()
        if not addresses.is_valid(typed):
            raise forms.ValidationError(_("Cette adresse n’est pas complète. Écrivez par exemple prenom.nom@paris.fr."))
        return typed


class GroupForm(forms.Form):
    """The name of a group."""

    name = forms.CharField(label=gettext_lazy("Nouveau groupe"), max_length=80)


class ImportForm(forms.Form):
    """A file of contacts."""

    file = forms.FileField(label=gettext_lazy("Fichier vCard (.vcf) ou CSV"))

    def clean_file(self) -> Any:
        """Weighed before it is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("Ce fichier dépasse 5 Mo."))
        return file
