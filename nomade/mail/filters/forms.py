"""Forms of rules and of the automatic answer."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailkit.mime import addresses
from mailkit.sieve import Condition, Rule, Vacation

FIELDS = (
    ("", "—"),
    ("from", gettext_lazy("L’expéditeur")),
    ("to", gettext_lazy("Un destinataire")),
    ("subject", gettext_lazy("L’objet")),
    ("list", gettext_lazy("La liste de diffusion")),
)
TESTS = (
    ("contains", gettext_lazy("contient")),
    ("is", gettext_lazy("est exactement")),
    ("not_contains", gettext_lazy("ne contient pas")),
)
CONDITIONS = 4
#: What a server without one of these does not do (RFC 5228, 5232), by field.
NEEDS = {"folder": "fileinto", "seen": "imap4flags", "star": "imap4flags"}


class RuleForm(forms.Form):
    """« Si… alors… », in words."""

    name = forms.CharField(label=gettext_lazy("Nom de la règle"), max_length=80)
    every = forms.ChoiceField(
        label=gettext_lazy("La règle s’applique quand"),
        choices=(("all", gettext_lazy("toutes les conditions sont remplies")), ("one", gettext_lazy("l’une suffit"))),
        initial="all",
    )
    folder = forms.ChoiceField(label=gettext_lazy("Ranger dans le dossier"), required=False)
    seen = forms.BooleanField(label=gettext_lazy("Marquer comme lu"), required=False)
    star = forms.BooleanField(label=gettext_lazy("Suivre (étoile)"), required=False)
    forward = forms.CharField(
        label=gettext_lazy("Transmettre à l’adresse"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    keep = forms.BooleanField(label=gettext_lazy("Garder aussi le message dans ma boîte"), required=False, initial=True)
    stop = forms.BooleanField(label=gettext_lazy("Ne pas appliquer les règles suivantes"), required=False, initial=True)

    def __init__(self, *args: Any, folders: list[tuple[str, str]], extensions: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: What this server does not do, as its fields are called; they are not shown.
        self.absent = [
            str(self.fields[name].label).lower() for name, needed in NEEDS.items() if needed not in extensions
        ]
        self.fields["folder"].choices = [("", _("(laisser dans la boîte de réception)")), *folders]  # type: ignore[attr-defined]
        for number in range(CONDITIONS):
            first = number == 0
            self.fields[f"field{number}"] = forms.ChoiceField(
                label=_("Quoi"), choices=FIELDS, required=first,
                error_messages={"required": _("Choisissez ce que regarde la règle.")},
            )  # fmt: skip
            self.fields[f"test{number}"] = forms.ChoiceField(label=_("Comment"), choices=TESTS, required=first)
            self.fields[f"value{number}"] = forms.CharField(
                label=_("Texte"), max_length=200, required=first,
                error_messages={"required": _("Écrivez le texte à chercher.")},
            )  # fmt: skip
        for name, needed in NEEDS.items():
            if needed not in extensions:
                del self.fields[name]

    @property
    def lines(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The conditions, one a line."""
        return [
            (number + 1, [self[f"field{number}"], self[f"test{number}"], self[f"value{number}"]])
            for number in range(CONDITIONS)
        ]

    @property
    def has_several(self) -> bool:
        """Whether a condition after the first one holds something, or is wrong."""
        return any(parts[2].value() or any(part.errors for part in parts) for _number, parts in self.lines[1:])

    @staticmethod
    def initial_of(rule: Rule) -> dict[str, object]:
        """The form of a rule that exists."""
        values: dict[str, object] = {
            "name": rule.name,
            "every": "all" if rule.every else "one",
            "folder": rule.folder,
            "seen": rule.seen,
            "star": rule.star,
            "forward": rule.forward,
            "keep": rule.keep,
            "stop": rule.stop,
        }
        for number, condition in enumerate(rule.conditions[:CONDITIONS]):
            values |= {
                f"field{number}": condition.field,
                f"test{number}": condition.test,
                f"value{number}": condition.value,
            }
        return values

    def clean_forward(self) -> str:
        """One address, or none."""
        typed = str(self.cleaned_data["forward"]).strip()
        if typed and not addresses.is_valid(typed):
            raise forms.ValidationError(_("Cette adresse n’est pas complète. Écrivez par exemple prenom.nom@paris.fr."))
        return typed

    def clean(self) -> dict[str, Any]:
        """Conditions that are whole, and something to do."""
        data = super().clean() or {}
        for number in range(1, CONDITIONS):
            if bool(data.get(f"field{number}")) != bool(data.get(f"value{number}")):
                self.add_error(f"field{number}", _("Indiquez ce que regarde cette condition, et son texte."))
        acts = any(data.get(name) for name in ("folder", "seen", "star", "forward"))
        if not acts and data.get("keep"):
            self.add_error("folder" if "folder" in self.fields else "forward", _("Choisissez ce que fait la règle."))
        return data

    def conditions(self) -> tuple[Condition, ...]:
        """Those that are filled."""
        found = []
        for number in range(CONDITIONS):
            name = self.cleaned_data.get(f"field{number}")
            value = str(self.cleaned_data.get(f"value{number}") or "").strip()
            if name and value:
                found.append(Condition(name, self.cleaned_data.get(f"test{number}") or "contains", value))
        return tuple(found)

    def rule(self) -> Rule:
        """The rule of a valid form."""
        data = self.cleaned_data
        return Rule(
            name=data["name"],
            conditions=self.conditions(),
            every=data["every"] == "all",
            folder=data.get("folder", ""),
            seen=data.get("seen", False),
            star=data.get("star", False),
            forward=data["forward"],
            keep=data["keep"],
            stop=data["stop"],
        )


class AbsenceForm(forms.Form):
    """The automatic answer."""

    active = forms.BooleanField(label=gettext_lazy("Répondre automatiquement"), required=False)
    first = forms.DateField(
        label=gettext_lazy("Du"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("Au"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    subject = forms.CharField(label=gettext_lazy("Objet de la réponse"), required=False, max_length=150)
    text = forms.CharField(
        label=gettext_lazy("Réponse"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 9})
    )

    def clean(self) -> dict[str, Any]:
        """Days in order, and words to say."""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("Le dernier jour vient avant le premier."))
        if data.get("active") and not str(data.get("text") or "").strip():
            self.add_error("text", _("Écrivez ce que recevront vos correspondants."))
        return data

    def vacation(self, mailbox: str) -> Vacation:
        """The answer of a valid form."""
        data = self.cleaned_data
        return Vacation(
            active=data["active"],
            subject=data["subject"],
            text=data["text"].replace("\r\n", "\n"),
            first=data["first"].isoformat() if data["first"] else "",
            last=data["last"].isoformat() if data["last"] else "",
            addresses=(mailbox,),
        )
