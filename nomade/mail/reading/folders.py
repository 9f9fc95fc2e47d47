"""Folders: made, renamed, moved, hidden, emptied, deleted; and labels."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from mailkit.errors import MailError
from mailkit.imap import Folder, Listing, Quota, Session, acting
from mailkit.imap.listing import every
from mailkit.imap.roles import fold
from nomade.kernel.errors import Refusal
from nomade.mail import gateway
from nomade.mail.models import Label, ReadingSettings
from nomade.mail.reading import snapshot
from nomade.people.models import Agent

MOST_LABELS = 30
MAX_LEAF = 60


@dataclass(frozen=True)
class Change:
    """What is asked of a folder. `name` is its last word, `parent` the folder it lies in."""

    verb: str
    folder: str = ""
    name: str = ""
    parent: str = ""


def listed(agent: Agent) -> tuple[Folder, ...]:
    """Every folder, hidden ones too. Raises Unavailable."""
    return gateway.visit(agent, lambda session: session.folders())


def listed_with_room(agent: Agent) -> tuple[tuple[Folder, ...], Quota | None]:
    """The same, with the room that is left where the server tells it."""
    return gateway.visit(agent, lambda session: (session.folders(), session.quota))


def keeps_labels(agent: Agent) -> bool:
    """Whether the server keeps labels on messages; while it does not answer, nobody is told that it would not."""

    def work(session: Session) -> bool:
        session.select("INBOX")
        return session.keeps_keywords

    try:
        return gateway.run(agent, work)
    except MailError as error:
        gateway.log.info("mail labels unknown: %s", error)
        return True


def must_confirm(agent: Agent, name: str) -> bool:
    """Whether the agent wants to be asked before this folder is emptied for good. Raises Unavailable."""
    if not ReadingSettings.of(agent).confirm_delete:
        return False
    found = next((folder for folder in listed(agent) if folder.name == name), None)
    return found is not None and (found.role in ("trash", "junk") or found.purpose == "trash")


def change(agent: Agent, asked: Change) -> str:
    """Does it; what was done, in words. Raises Refusal, Http404, Unavailable."""

    def work(session: Session) -> str:
        folders = {folder.name: folder for folder in session.folders()}
        if asked.folder and asked.folder not in folders:
            raise MailError("no_such_folder", asked.folder)
        try:
            return _VERBS[asked.verb](session, asked, folders)
        except MailError as error:
            if error.key != "refused":
                raise
            raise Refusal(_("Le serveur de messagerie a refusé : %(words)s") % {"words": error.detail}) from error

    said = gateway.visit(agent, work, again=False)
    snapshot.forget(agent)
    return said


def _create(session: Session, asked: Change, folders: dict[str, Folder]) -> str:
    name = _path(session, asked, folders)
    acting.create(session, name)
    return _("Le dossier « %(name)s » est créé.") % {"name": asked.name.strip()}


def _rename(session: Session, asked: Change, folders: dict[str, Folder]) -> str:
    folder = folders[asked.folder]
    _own(folder)
    inside = folder.name + folder.delimiter
    if asked.parent == folder.name or (folder.delimiter and asked.parent.startswith(inside)):
        raise Refusal(_("Un dossier ne peut pas être rangé dans lui-même."), field="parent")
    name = _path(session, asked, folders, but=folder.name)
    if name != folder.name:
        acting.rename(session, folder.name, name)
    return _("Le dossier s’appelle maintenant « %(name)s ».") % {"name": asked.name.strip()}


def _path(session: Session, asked: Change, folders: dict[str, Folder], *, but: str = "") -> str:
    leaf = asked.name.strip()
    delimiter = next((folder.delimiter for folder in folders.values() if folder.delimiter), "/")
    if not leaf or len(leaf) > MAX_LEAF or delimiter in leaf or re.search(r"[\x00-\x1f\x7f%*]", leaf):
        raise Refusal(
            _("Donnez un nom de 1 à %(most)s caractères, sans « %(mark)s », « %% » ni « * ».")
            % {"most": MAX_LEAF, "mark": delimiter},
            field="name",
        )
    if asked.parent and asked.parent not in folders:
        raise Refusal(_("Choisissez un dossier de la liste."), field="parent")
    if asked.parent and not folders[asked.parent].may("k"):
        raise Refusal(_("Cette boîte partagée ne vous laisse pas y créer de dossier."), field="parent")
    start = asked.parent + delimiter if asked.parent else session.personal_prefix
    name = start + leaf
    if any(fold(known) == fold(name) for known in folders if known != but):
        raise Refusal(_("Un dossier porte déjà ce nom."), field="name")
    return name


def _own(folder: Folder) -> None:
    if folder.space != "own":
        raise Refusal(_("Ce dossier est partagé : son propriétaire est seul à le renommer ou à le supprimer."))
    if folder.role:
        raise Refusal(_("Ce dossier fait partie de la messagerie : il ne se renomme pas et ne se supprime pas."))


def _drop(session: Session, asked: Change, folders: dict[str, Folder]) -> str:
    folder = folders[asked.folder]
    _own(folder)
    inside = folder.name + folder.delimiter
    if folder.delimiter and any(name.startswith(inside) for name in folders):
        raise Refusal(_("Ce dossier en contient d’autres : supprimez-les d’abord."))
    refs = every(session, Listing(folder.name))
    if refs:
        acting.move(session, refs, session.folder_of("trash").name)
    acting.drop(session, folder.name)
    return _("Le dossier « %(name)s » est supprimé ; ses messages sont dans la corbeille.") % {"name": folder.leaf}


def _empty(session: Session, asked: Change, folders: dict[str, Folder]) -> str:
    folder = folders[asked.folder]
    if not folder.may_remove:
        raise Refusal(_("Cette boîte partagée ne vous laisse rien supprimer."))
    refs = every(session, Listing(folder.name))
    if folder.role in ("trash", "junk") or folder.purpose == "trash":
        acting.erase(session, refs)
        return _("Le dossier est vide : ses messages sont supprimés définitivement.")
    if refs:
        acting.move(session, refs, session.folder_of("trash", near=folder.name).name)
    return _("Le dossier est vide : ses messages sont dans la corbeille.")


def _mark_read(session: Session, asked: Change, folders: dict[str, Folder]) -> str:
    if not folders[asked.folder].may("s"):
        raise Refusal(_("Cette boîte partagée ne vous laisse pas marquer ses messages comme lus."))
    acting.flag(session, every(session, Listing(asked.folder)), add=("\\Seen",))
    return _("Tous les messages du dossier sont marqués comme lus.")


def _show(session: Session, asked: Change, _folders: dict[str, Folder]) -> str:
    acting.subscribe(session, asked.folder, wanted=asked.verb == "afficher")
    if asked.verb == "afficher":
        return _("Le dossier est affiché.")
    return _("Le dossier est masqué : il reste ici et ses messages sont gardés.")


_VERBS = {
    "creer": _create,
    "renommer": _rename,
    "supprimer": _drop,
    "vider": _empty,
    "tout-lire": _mark_read,
    "afficher": _show,
    "masquer": _show,
}
VERBS = frozenset(_VERBS)


# --- Labels -----------------------------------------------------------------------------------------------------------


def keyword_of(name: str) -> str:
    """The keyword of a new label: what every mail server takes."""
    return re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:40] or "etiquette"


@transaction.atomic
def save_label(agent: Agent, label: Label) -> None:
    """Keeps a label; a new one gets its keyword from its name. Raises Refusal."""
    if label.keyword == "":
        known = set(Label.objects.filter(agent=agent).values_list("keyword", flat=True))
        if len(known) >= MOST_LABELS:
            raise Refusal(_("Vous avez déjà %(most)s étiquettes.") % {"most": MOST_LABELS}, field="name")
        base = keyword = keyword_of(label.name)
        number = 2
        while keyword in known:
            keyword, number = f"{base}_{number}", number + 1
        label.agent, label.keyword = agent, keyword
    label.save()


@transaction.atomic
def drop_label(label: Label) -> None:
    """Forgets a label; the keyword stays on the messages, where other programs may use it."""
    label.delete()
