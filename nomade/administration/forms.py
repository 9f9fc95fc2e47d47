"""Forms of the set-up assistant and of the imports."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.accounts.models import Account
from nomade.accounts.passwords.checking import check
from nomade.accounts.passwords.forms import password_field
from nomade.administration.installation import code_is_right
from nomade.kernel.errors import Refusal
from nomade.people.importing import values
from nomade.people.importing.plan import Source
from nomade.people.models import Agent

MOST_BYTES = 25 * 1024 * 1024


def _host(text: str) -> str:
    name = text.strip().lower()
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", name) or len(name) > 253:
        raise ValidationError(_("Écrivez un nom d’hôte, comme portail.mairie.fr."))
    return name


class CodeForm(forms.Form):
    """The code that the terminal shows."""

    code = forms.CharField(
        label=gettext_lazy("Code d’installation"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            right = code_is_right(code)
        except Refusal as refusal:
            raise ValidationError(refusal.message) from refusal
        if not right:
            raise ValidationError(_("Ce n’est pas le code affiché dans le terminal qui a démarré Nomade."))
        return code


class OrganisationForm(forms.Form):
    """Name, mail domain, colour, help line. `VARIABLES` says what each one sets."""

    VARIABLES = {
        "organisation": "NOMADE_ORGANISATION",
        "mail_domain": "NOMADE_MAIL_DOMAIN",
        "brand_colour": "NOMADE_BRAND_COLOUR",
        "support_phone": "NOMADE_SUPPORT_PHONE",
    }
    organisation = forms.CharField(label=gettext_lazy("Nom de la collectivité"), max_length=120)
    mail_domain = forms.CharField(label=gettext_lazy("Domaine des adresses électroniques"), max_length=253)
    brand_colour = forms.CharField(label=gettext_lazy("Couleur"), max_length=7, required=False)
    support_phone = forms.CharField(label=gettext_lazy("Téléphone de l’assistance"), max_length=32, required=False)

    def clean_mail_domain(self) -> str:
        try:
            return _host(self.cleaned_data["mail_domain"].strip().removeprefix("@"))
        except ValidationError as error:
            raise ValidationError(_("Écrivez ce qui suit l’arobase, comme mairie-saint-aubin.fr.")) from error

    def clean_brand_colour(self) -> str:
        colour: str = self.cleaned_data["brand_colour"].lower()
        if colour and not re.fullmatch(r"#[0-9a-f]{6}", colour):
            raise ValidationError(_("Écrivez la couleur comme #1d3f7a."))
        return colour

    def clean_support_phone(self) -> str:
        try:
            return values.phone(self.cleaned_data["support_phone"].strip())
        except ValueError as error:
            raise ValidationError(_("Écrivez un numéro de téléphone, comme 01 42 76 40 40.")) from error


class HostsForm(forms.Form):
    """The four host names."""

    VARIABLES = {
        "portal": "NOMADE_PORTAL_HOST",
        "webmail": "NOMADE_WEBMAIL_HOST",
        "content": "NOMADE_CONTENT_HOST",
        "support": "NOMADE_SUPPORT_HOST",
    }
    portal = forms.CharField(label=gettext_lazy("Portail"), max_length=253)
    webmail = forms.CharField(label=gettext_lazy("Messagerie"), max_length=253)
    content = forms.CharField(label=gettext_lazy("Contenus isolés"), max_length=253)
    support = forms.CharField(label=gettext_lazy("Assistance"), max_length=253)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen: dict[str, str] = {}
        for name in self.VARIABLES:
            try:
                host = _host(cleaned.get(name, ""))
            except ValidationError as error:
                if name in cleaned:
                    self.add_error(name, error)
                continue
            if host in seen:
                self.add_error(name, _("Il faut quatre noms différents."))
            seen[host] = name
            cleaned[name] = host
        return cleaned


class AdministratorForm(forms.Form):
    """The first administrator, who chooses a password under the policy."""

    first_name = forms.CharField(label=gettext_lazy("Prénom"), max_length=80)
    last_name = forms.CharField(label=gettext_lazy("Nom"), max_length=80)
    login = forms.CharField(
        label=gettext_lazy("Identifiant"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = password_field(gettext_lazy("Mot de passe"), "new-password")
    again = password_field(gettext_lazy("Le même, une seconde fois"), "new-password")

    def __init__(self, *args: Any, mail_domain: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mail_domain = mail_domain

    def clean_login(self) -> str:
        try:
            return values.login(self.cleaned_data["login"].strip(), self.mail_domain)
        except ValueError as error:
            raise ValidationError(str(error).capitalize()) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "password" not in cleaned:
            return cleaned
        agent = Agent(first_name=cleaned.get("first_name", ""), last_name=cleaned.get("last_name", ""))
        try:
            check(cleaned["password"], Account(agent=agent, login=cleaned.get("login", "")), privileged=True)
        except ValidationError as error:
            self.add_error("password", error)
        if {"password", "again"} <= set(cleaned) and cleaned["again"] != cleaned["password"]:
            self.add_error("again", _("Les deux saisies ne sont pas les mêmes."))
        return cleaned


class ImportForm(forms.Form):
    """The files of agents and of units, of which one at least."""

    agents = forms.FileField(label=gettext_lazy("Fichier des agents"), required=False)
    units = forms.FileField(label=gettext_lazy("Fichier des unités"), required=False)
    create_units = forms.BooleanField(
        label=gettext_lazy("Créer les unités que seul le fichier des agents nomme"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("agents", "units"):
            self.fields[name].widget.attrs["accept"] = ".csv,.xlsx"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("agents", "units"):
            sent = cleaned.get(name)
            if sent and sent.size > MOST_BYTES:
                self.add_error(name, _("Ce fichier dépasse 25 Mo : utilisez la commande « nomade import-agents »."))
        if not self.errors and not cleaned.get("agents") and not cleaned.get("units"):
            self.add_error("agents", _("Choisissez un fichier CSV ou XLSX."))
        return cleaned

    def source(self, name: str) -> Source | None:
        """One of the files, read."""
        sent: UploadedFile | None = self.cleaned_data.get(name)
        return Source(str(sent.name or name), sent.read()) if sent else None
