"""A rule in one sentence, so that nobody opens it to know what it does."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailkit.imap import Folder
from mailkit.imap.roles import assign
from mailkit.sieve import Condition, Rule
from nomade.mail.reading.opening import Place

_WHO = {
    "from": gettext_lazy("l’expéditeur"),
    "to": gettext_lazy("un destinataire"),
    "subject": gettext_lazy("l’objet"),
    "list": gettext_lazy("la liste de diffusion"),
    "any": gettext_lazy("l’objet ou une personne"),
}
_HOW = {
    "contains": gettext_lazy("%(who)s contient « %(what)s »"),
    "is": gettext_lazy("%(who)s est exactement « %(what)s »"),
    "not_contains": gettext_lazy("%(who)s ne contient pas « %(what)s »"),
}


def conditions(rule: Rule) -> str:
    """« Quand l’objet contient « paie » et l’expéditeur est exactement « x@y.fr » »."""
    if not rule.conditions:
        return _("À chaque message")
    joint = _(" et ") if rule.every else _(" ou ")
    return _("Quand %(conditions)s") % {"conditions": joint.join(_condition(one) for one in rule.conditions)}


def deeds(rule: Rule) -> list[str]:
    """What the rule then does, in the order in which it does it."""
    found = []
    if rule.seen:
        found.append(_("marquer comme lu"))
    if rule.star:
        found.append(_("suivre"))
    if rule.forward:
        found.append(_("transmettre à %(address)s") % {"address": rule.forward})
    if rule.folder:
        found.append(_("ranger dans « %(folder)s »") % {"folder": _folder(rule.folder)})
    elif not rule.keep:
        found.append(_("ne pas garder dans la boîte"))
    if rule.stop:
        found.append(_("ne pas appliquer les règles suivantes"))
    return found


def _condition(one: Condition) -> str:
    who = str(_WHO.get(one.field, one.field))
    return str(_HOW.get(one.test, _HOW["contains"])) % {"who": who, "what": one.value}


def _folder(name: str) -> str:
    """Its French name where its own says what it is for; the mail server need not be asked."""
    return str(Place(assign([Folder(name, "/", "")])[0], current=False).label)
