"""What is done to messages: on the mail server, told to the agent, undone on demand."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, get_args

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mailkit.errors import MailError
from mailkit.imap import MessageRef, Session, acting
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.mail import gateway
from nomade.mail.models import Done, Label, ReadingSettings
from nomade.mail.reading import snapshot
from nomade.people.models import Agent

Verb = Literal["lire", "nonlire", "suivre", "nesuivre", "supprimer", "archiver", "indesirable", "legitime", "deplacer",
               "etiqueter", "desetiqueter"]  # fmt: skip
FLAGS: dict[str, tuple[str, bool]] = {
    "lire": ("\\Seen", True),
    "nonlire": ("\\Seen", False),
    "suivre": ("\\Flagged", True),
    "nesuivre": ("\\Flagged", False),
}
VERBS = frozenset(get_args(Verb))
# After these, a message that was open is still there, and still looked at.
STAYING = frozenset({"lire", "suivre", "nesuivre", "etiqueter", "desetiqueter"})
KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class Deed:
    """What is asked: `target` is a folder, or the keyword of a label."""

    verb: str
    target: str = ""


def must_confirm(agent: Agent, refs: list[MessageRef], deed: Deed) -> bool:
    """Whether the agent wants to be asked: something would go for good. Raises Http404, Unavailable."""
    if deed.verb != "supprimer" or not refs or not ReadingSettings.of(agent).confirm_delete:
        return False
    trash = gateway.visit(agent, lambda session: session.folder_of("trash", near=refs[0].folder).name)
    return any(ref.folder == trash for ref in refs)


def act(agent: Agent, refs: list[MessageRef], deed: Deed) -> Done | None:
    """Does it and remembers how to undo it; None when there was nothing to do. Raises Refusal, Http404, Unavailable."""
    if not refs:
        raise Refusal(_("Cochez d’abord des messages."))
    if deed.verb in ("etiqueter", "desetiqueter") and not Label.objects.filter(agent=agent, keyword=deed.target):
        raise Refusal(_("Choisissez une étiquette."))
    if deed.verb == "deplacer" and not deed.target:
        raise Refusal(_("Choisissez un dossier où ranger ces messages."))
    try:
        told = gateway.change(agent, lambda session: _done(session, refs, deed))
    except MailError as error:
        if error.key == "refused":
            raise Refusal(_("Le serveur de messagerie a refusé : %(words)s") % {"words": error.detail}) from error
        raise gateway.translated(error) from error
    snapshot.forget(agent)
    if not told["count"]:
        return None
    done = Done.of(agent, told)
    done.save()
    return done


def _checked(session: Session, refs: list[MessageRef], deed: Deed) -> None:
    """What the rights of a shared mailbox do not allow is said before anything is done. Raises Refusal."""
    names = {ref.folder for ref in refs}
    concerned = [folder for folder in session.folders(counts=False) if folder.space != "own"]
    for folder in concerned:
        if folder.name not in names:
            continue
        if deed.verb in ("lire", "nonlire"):
            allowed = folder.may("s")
        elif deed.verb in FLAGS or deed.verb in ("etiqueter", "desetiqueter"):
            allowed = folder.may("w")
        else:
            allowed = folder.may_remove
        if not allowed:
            raise Refusal(
                _("La boîte partagée « %(owner)s » ne vous donne pas ce droit. Demandez-le à qui la gère.")
                % {"owner": folder.owner}
            )
    into = next((folder for folder in concerned if deed.verb == "deplacer" and folder.name == deed.target), None)
    if into is not None and not into.may("i"):
        raise Refusal(_("Vous ne pouvez rien ranger dans la boîte partagée « %(owner)s ».") % {"owner": into.owner})


def _done(session: Session, refs: list[MessageRef], deed: Deed) -> dict[str, Any]:
    _checked(session, refs, deed)
    if deed.verb in FLAGS or deed.verb in ("etiqueter", "desetiqueter"):
        name, adding = FLAGS.get(deed.verb, (deed.target, deed.verb == "etiqueter"))
        session.open(refs[0])
        if deed.verb not in FLAGS and not session.keeps_keywords:
            raise MailError("refused", _("il ne garde pas les étiquettes."))
        changed = _by_folder(refs, lambda group: acting.flag(session, group, **_change(name, adding=adding)))
        return {"verb": deed.verb, "target": deed.target, "count": len(changed), "there": _written(changed)}
    roles: dict[str, Any] = {"supprimer": "trash", "archiver": "archive", "indesirable": "junk", "legitime": "inbox"}
    target = deed.target if deed.verb == "deplacer" else session.folder_of(roles[deed.verb], near=refs[0].folder).name
    staying = [ref for ref in refs if ref.folder == target]
    if deed.verb == "supprimer" and staying:
        # What is in the trash already goes for good: the one thing that cannot be undone, and the page says so before.
        _by_folder(staying, lambda group: _erase(session, group))
        if len(staying) == len(refs):
            return {"verb": "effacer", "target": "", "count": len(staying), "there": []}
    moved: list[dict[str, Any]] = []
    count = 0
    leaving = [ref for ref in refs if ref.folder != target]
    if deed.verb in ("indesirable", "legitime"):
        _by_folder(leaving, lambda group: _judge(session, group, junk=deed.verb == "indesirable"))
    for folder in dict.fromkeys(ref.folder for ref in leaving):
        result = acting.move(session, [ref for ref in leaving if ref.folder == folder], target)
        moved += [{"back": folder, **group} for group in _written(list(result.arrived))]
        count += result.count
    return {"verb": deed.verb, "target": target, "count": count, "there": moved}


def _erase(session: Session, group: list[MessageRef]) -> list[MessageRef]:
    acting.erase(session, group)
    return group


def _judge(session: Session, group: list[MessageRef], *, junk: bool) -> list[MessageRef]:
    """The keywords by which mail programs and filters learn, where the server keeps keywords."""
    if session.keeps_keywords:
        add, remove = ("$Junk", "$NotJunk") if junk else ("$NotJunk", "$Junk")
        for part in acting.steps(group):
            session.flag(part, add=(add,), remove=(remove,))
    return group


def _change(name: str, *, adding: bool) -> dict[str, Any]:
    return {"add" if adding else "remove": (name,)}


def _by_folder(refs: list[MessageRef], work: Any) -> list[MessageRef]:
    found: list[MessageRef] = []
    for folder in dict.fromkeys(ref.folder for ref in refs):
        found += work([ref for ref in refs if ref.folder == folder])
    return found


def _written(refs: list[MessageRef]) -> list[dict[str, Any]]:
    groups: dict[tuple[str, int], list[int]] = {}
    for ref in refs:
        groups.setdefault((ref.folder, ref.uidvalidity), []).append(ref.uid)
    return [
        {"folder": folder, "validity": validity, "uids": acting.compact(uids)}
        for (folder, validity), uids in groups.items()
    ]


def _read(group: dict[str, Any]) -> list[MessageRef]:
    return [MessageRef(group["folder"], group["validity"], uid) for uid in acting.expand(group["uids"])]


def can_undo(told: dict[str, Any]) -> bool:
    """Whether the messages can be found again where they went."""
    return bool(told["there"])


@transaction.atomic
def undo(agent: Agent, identifier: uuid.UUID) -> str:
    """Puts everything back, once; what was done then, in words. Raises Refusal."""
    done = Done.objects.select_for_update().filter(agent=agent, pk=identifier).first()
    if done is None or done.undone or now() - done.created_at > KEPT or not can_undo(done.told()):
        raise Refusal(_("Cette action ne peut plus être annulée."))
    told = done.told()

    def work(session: Session) -> None:
        for group in told["there"]:
            refs = _read(group)
            if "back" in group:
                acting.move(session, refs, group["back"])
            else:
                name, added = FLAGS.get(told["verb"], (told["target"], told["verb"] == "etiqueter"))
                acting.flag(session, refs, **_change(name, adding=not added))

    try:
        gateway.change(agent, work)
    except MailError as error:
        raise gateway.translated(error) from error
    snapshot.forget(agent)
    done.undone = True
    done.save(update_fields=["undone"])
    return _("C’est annulé : les messages sont comme avant.")


def sentence(told: dict[str, Any], place: str, label: str) -> str:
    """What was done, for the agent."""
    count = told["count"]
    words = {
        "lire": ngettext("Le message est marqué comme lu.", "%(n)s messages sont marqués comme lus.", count),
        "nonlire": ngettext("Le message est de nouveau non lu.", "%(n)s messages sont de nouveau non lus.", count),
        "suivre": ngettext("Le message est suivi.", "%(n)s messages sont suivis.", count),
        "nesuivre": ngettext("Le message n’est plus suivi.", "%(n)s messages ne sont plus suivis.", count),
        "supprimer": ngettext("Le message est dans la corbeille.", "%(n)s messages sont dans la corbeille.", count),
        "effacer": ngettext(
            "Le message est supprimé définitivement.", "%(n)s messages sont supprimés définitivement.", count
        ),
        "archiver": ngettext("Le message est archivé.", "%(n)s messages sont archivés.", count),
        "indesirable": ngettext(
            "Le message est rangé dans les indésirables.", "%(n)s messages sont rangés dans les indésirables.", count
        ),
        "legitime": ngettext(
            "Le message est de retour dans la boîte de réception.",
            "%(n)s messages sont de retour dans la boîte de réception.",
            count,
        ),
        "deplacer": ngettext(
            "Le message est rangé dans « %(place)s ».", "%(n)s messages sont rangés dans « %(place)s ».", count
        ),
        "etiqueter": ngettext(
            "Le message porte l’étiquette « %(label)s ».", "%(n)s messages portent l’étiquette « %(label)s ».", count
        ),
        "desetiqueter": ngettext(
            "Le message ne porte plus l’étiquette « %(label)s ».",
            "%(n)s messages ne portent plus l’étiquette « %(label)s ».",
            count,
        ),
    }[told["verb"]]
    return words % {"n": count, "place": place, "label": label}


def purge_done() -> int:
    """Forgets what can no longer be undone."""
    return int(Done.objects.filter(created_at__lt=now() - KEPT).delete()[0])
