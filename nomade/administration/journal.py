"""The words of the journal, and who may read which of its events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, time, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.administration.journal_words import OF_SERVICES
from nomade.kernel import journal
from nomade.kernel.clock import PARIS
from nomade.kernel.journal import Criteria
from nomade.kernel.journal import kinds as kinds_of_journal
from nomade.kernel.models import AuditEvent
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.ui.filters import date_time, medium_date

# What concerns the door of an account, not what lies behind it: no pay, no leave, no mail.
SECURITY = {
    "sign_in.accepted": gettext_lazy("Connexion réussie"),
    "sign_in.refused": gettext_lazy("Connexion refusée"),
    "sign_in.braked": gettext_lazy("Connexion freinée"),
    "session.ended": gettext_lazy("Session fermée"),
    "step_up.done": gettext_lazy("Identité confirmée"),
    "password.changed": gettext_lazy("Mot de passe changé"),
    "password.provisional": gettext_lazy("Mot de passe provisoire donné"),
    "password.provisional_voided": gettext_lazy("Mot de passe provisoire annulé"),
    "password.handed_over": gettext_lazy("Lettre remise"),
    "password.breach_check_unreachable": gettext_lazy("Liste des mots de passe divulgués injoignable"),
    "account.locked": gettext_lazy("Compte bloqué"),
    "account.unlocked": gettext_lazy("Compte débloqué"),
    "factor.added": gettext_lazy("Second facteur ajouté"),
    "factor.removed": gettext_lazy("Second facteur retiré"),
    "factor.used": gettext_lazy("Second facteur donné"),
    "factor.refused": gettext_lazy("Second facteur refusé"),
    "factor.postponed": gettext_lazy("Second facteur remis à plus tard"),
    "card.made": gettext_lazy("Carte de codes faite"),
    "browser.distrusted": gettext_lazy("Navigateur de confiance oublié"),
    "device.code_given": gettext_lazy("Code d’ouverture d’appareil donné"),
    "device.opened": gettext_lazy("Appareil ouvert par un code"),
    "device.refused": gettext_lazy("Code d’ouverture d’appareil refusé"),
    "personal_email.confirmed": gettext_lazy("Adresse personnelle confirmée"),
    "first_steps.done": gettext_lazy("Première connexion terminée"),
    "password.recovered": gettext_lazy("Mot de passe retrouvé par l’agent"),
    "recovery.started": gettext_lazy("Mot de passe oublié : demande"),
    "recovery.mailed": gettext_lazy("Mot de passe oublié : lien envoyé"),
    "recovery.code_given": gettext_lazy("Mot de passe oublié : code donné"),
    "recovery.proved": gettext_lazy("Mot de passe oublié : preuve donnée"),
    "recovery.refused": gettext_lazy("Mot de passe oublié : refus"),
    "account.sensitive_closed": gettext_lazy("Changements sensibles suspendus"),
    "factor.voided": gettext_lazy("Second facteur annulé par le support"),
    "notice_channel.chosen": gettext_lazy("Moyen d’être prévenu choisi"),
    "support.check_opened": gettext_lazy("Support : vérification d’identité ouverte"),
    "support.proof": gettext_lazy("Support : preuve d’identité"),
    "support.code_shown": gettext_lazy("Support : code montré à l’agent"),
    "support.code_wrong": gettext_lazy("Support : code faux"),
    "support.seconded": gettext_lazy("Support : accord d’un second technicien"),
    "support.delayed": gettext_lazy("Support : acte différé"),
    "support.unlocked": gettext_lazy("Support : compte débloqué"),
    "support.reset": gettext_lazy("Support : mot de passe provisoire remis"),
    "support.factors_voided": gettext_lazy("Support : second facteur annulé"),
    "support.sessions_ended": gettext_lazy("Support : sessions fermées"),
    "support.purged": gettext_lazy("Support : données anciennes effacées"),
    "support.stopped": gettext_lazy("Support : acte arrêté"),
    "support.act_refused": gettext_lazy("Support : acte refusé"),
    "support.supervisor_asked": gettext_lazy("Support : supérieur interrogé"),
    "support.supervisor_refused": gettext_lazy("Support : refus du supérieur"),
    "role.granted": gettext_lazy("Rôle donné"),
    "role.revoked": gettext_lazy("Rôle retiré"),
    "directory.linked": gettext_lazy("Compte lié à l’annuaire"),
    "directory.refused": gettext_lazy("Retour d’annuaire refusé"),
    "directory.unavailable": gettext_lazy("Annuaire injoignable"),
    "attack.detected": gettext_lazy("Attaque détectée"),
    "attack.ended": gettext_lazy("Attaque terminée"),
}
OTHERS = {
    "agents.imported": gettext_lazy("Agents importés"),
    "document.viewed": gettext_lazy("Document ouvert"),
    "payslip.viewed": gettext_lazy("Bulletin ouvert"),
    "payslips.stored": gettext_lazy("Bulletins importés"),
    "leave.submitted": gettext_lazy("Congé demandé"),
    "leave.approved": gettext_lazy("Congé validé"),
    "mail.sent": gettext_lazy("Courriel envoyé"),
    "journal.searched": gettext_lazy("Journal consulté"),
    "journal.exported": gettext_lazy("Journal exporté"),
    "journal.purged": gettext_lazy("Journal purgé"),
    "portal.installed": gettext_lazy("Portail installé"),
    "article.saved": gettext_lazy("Support : article de connaissances enregistré"),
    "incident.announced": gettext_lazy("Support : incident annoncé"),
    "incident.ended": gettext_lazy("Support : fin d’incident annoncée"),
    "report.received": gettext_lazy("Support : signalement reçu"),
    "report.handled": gettext_lazy("Support : signalement traité"),
    "support.category_changed": gettext_lazy("Support : catégorie changée"),
    "support.team_changed": gettext_lazy("Support : groupe changé"),
}
# What a fact of an event is called, and its values that are words of ours.
KEYS = {
    "reason": gettext_lazy("raison"),
    "side": gettext_lazy("depuis"),
    "pace": gettext_lazy("frein"),
    "kind": gettext_lazy("sorte"),
    "by": gettext_lazy("par"),
    "why": gettext_lazy("cause"),
    "count": gettext_lazy("nombre"),
    "identifiers": gettext_lazy("identifiants"),
    "events": gettext_lazy("événements"),
    "period": gettext_lazy("période"),
    "role": gettext_lazy("rôle"),
    "batch": gettext_lazy("lot"),
    "attack": gettext_lazy("attaque"),
    "check": gettext_lazy("vérification"),
    "proofs": gettext_lazy("preuves"),
    "missing": gettext_lazy("il manque"),
    "seconded_by": gettext_lazy("avec l’accord de"),
    "until": gettext_lazy("jusqu’au"),
    "since": gettext_lazy("depuis le"),
    "sessions": gettext_lazy("sessions"),
    "privileged": gettext_lazy("droits étendus"),
    "perimeter": gettext_lazy("périmètre"),
    "channel": gettext_lazy("moyen"),
    "name": gettext_lazy("nom"),
    "agent": gettext_lazy("agent"),
    "reference": gettext_lazy("référence"),
    "unit": gettext_lazy("unité"),
}
VALUES = {
    "refused": gettext_lazy("identifiant ou mot de passe"),
    "waiting": gettext_lazy("attente en cours"),
    "expired_password": gettext_lazy("mot de passe de l’annuaire expiré"),
    "wrong": gettext_lazy("code faux"),
    "unknown": gettext_lazy("appareil inconnu"),
    "device": gettext_lazy("appareil connu"),
    "network": gettext_lazy("réseau professionnel"),
    "proof": gettext_lazy("calcul demandé"),
    "stop": gettext_lazy("adresse arrêtée"),
    "sign_out": gettext_lazy("déconnexion"),
    "remote": gettext_lazy("depuis un autre appareil"),
    "second_factor": gettext_lazy("codes faux après un bon mot de passe"),
    "passkey": gettext_lazy("clé d’accès"),
    "totp": gettext_lazy("application de codes"),
    "card": gettext_lazy("carte de codes"),
    "oidc": gettext_lazy("annuaire (OpenID Connect)"),
    "ldap": gettext_lazy("annuaire (LDAP)"),
    "directory": gettext_lazy("annuaire"),
    "letter": gettext_lazy("lettre"),
    "reset": gettext_lazy("réinitialisation"),
    "failures": gettext_lazy("trop d’échecs"),
    "callback": gettext_lazy("rappel au numéro connu des RH"),
    "supervisor": gettext_lazy("confirmation du responsable"),
    "session_code": gettext_lazy("code lu dans une session ouverte"),
    "badge": gettext_lazy("badge en face à face"),
    "proofs": gettext_lazy("des preuves d’identité"),
    "second_technician": gettext_lazy("l’accord d’un second technicien"),
    "delay": gettext_lazy("la fin du délai"),
    "expired": gettext_lazy("une vérification encore valable"),
    "own_account": gettext_lazy("le compte d’un autre"),
    "unlock": gettext_lazy("déblocage"),
    "void_factors": gettext_lazy("annulation du second facteur"),
    "end_sessions": gettext_lazy("fermeture des sessions"),
    "support": gettext_lazy("support"),
    "too_many": gettext_lazy("trop d’appareils connectés"),
    "attack": gettext_lazy("attaque en cours"),
    "mail": gettext_lazy("lien à l’adresse personnelle"),
    "code": gettext_lazy("code de l’application ou de la carte"),
    "given_code": gettext_lazy("code donné par le responsable ou les RH"),
    "portal": gettext_lazy("portail seulement"),
    "email": gettext_lazy("courriel personnel"),
    "True": gettext_lazy("oui"),
    "False": gettext_lazy("non"),
}
# Facts that name an agent, and facts that are an instant or a day.
PEOPLE, MOMENTS = ("seconded_by",), ("until", "since")
NOTHING: tuple[object, ...] = (None, "", [])
MOST_AGENTS = 20


def label_of(event: str) -> str:
    """The French words of an event, or its own name when it has none."""
    return str(SECURITY.get(event) or OTHERS.get(event) or OF_SERVICES.get(event) or event)


class JournalForm(forms.Form):
    """What is looked for in the journal; everything may stay empty."""

    agent = forms.CharField(label=gettext_lazy("Agent"), max_length=254, required=False)
    evenement = forms.ChoiceField(label=gettext_lazy("Événement"), required=False)
    du = forms.DateField(label=gettext_lazy("Du"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    au = forms.DateField(label=gettext_lazy("Au"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    reference = forms.CharField(label=gettext_lazy("Référence"), max_length=16, required=False)

    def __init__(self, data: object, *, everything: bool) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict
        kinds = {*SECURITY, *(kinds_of_journal() if everything else ())}
        listed = sorted(((name, label_of(name)) for name in kinds), key=lambda pair: pair[1])
        field = self.fields["evenement"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Tous")), *listed]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("du") and cleaned.get("au") and cleaned["au"] < cleaned["du"]:
            self.add_error("au", _("Le dernier jour vient avant le premier."))
        return cleaned

    def criteria(self) -> Criteria:
        """What the journal is asked, once the form is valid."""
        asked = self.cleaned_data
        start = datetime.combine(asked["du"], time.min, PARIS) if asked["du"] else None
        end = datetime.combine(asked["au"] + timedelta(days=1), time.min, PARIS) if asked["au"] else None
        agents = _agents(asked["agent"]) if asked["agent"].strip() else None
        return Criteria(agents, asked["evenement"], start, end, asked["reference"].strip().upper())


def _agents(text: str) -> list[int]:
    """Those of a matricule or a login, else the first ones whose name holds the words."""
    typed = text.strip()
    exact = list(Agent.objects.filter(matricule=typed).values_list("pk", flat=True))
    exact += Agent.objects.filter(login=typed.lower()).values_list("pk", flat=True)
    return exact or list(Agent.objects.named_like(typed).order_by("pk").values_list("pk", flat=True)[:MOST_AGENTS])


def names_of(events: list[AuditEvent]) -> dict[int, str]:
    """The names of everybody on a page, in one query."""
    ids = {pk for event in events for pk in (event.actor_id, event.subject_id) if pk}
    ids |= {event.facts[key] for event in events for key in PEOPLE if event.facts.get(key)}
    return {agent.pk: agent.full_name for agent in Agent.objects.filter(pk__in=ids)}


def facts_told(facts: Mapping[str, object], names: Mapping[int, str]) -> str:
    """The facts of an event on one line, without those that say nothing; a word that is not ours stays as written."""
    said = {key: value for key, value in sorted(facts.items()) if value not in NOTHING}
    told = [(str(KEYS.get(key, key)), _told(key, value, names)) for key, value in said.items()]
    return ", ".join(f"{key}\N{NO-BREAK SPACE}: {value}" for key, value in told)


def _told(key: str, value: object, names: Mapping[int, str]) -> str:
    if isinstance(value, list):
        return _(" et ").join(_told(key, item, names) for item in value)
    if key in PEOPLE and isinstance(value, int):
        return names.get(value, str(value))
    if key == "role" and value in Role.values:
        return str(Role(str(value)).label)
    if key in MOMENTS and isinstance(value, str):
        with suppress(ValueError):  # written otherwise: as it is
            moment = datetime.fromisoformat(value)
            return date_time(moment) if moment.tzinfo else medium_date(moment)
    return str(VALUES.get(str(value), value))


def lines(events: Iterator[AuditEvent]) -> Iterator[str]:
    """One JSON object a line, as logs are shipped."""
    return (f"{journal.as_json(event)}\n" for event in events)
