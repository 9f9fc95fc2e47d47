"""The 200 messages of Camille's mailbox, written from the threads: who, when, answers and attachments."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from nomade.demo import attachments
from nomade.demo.letters import ME, NEWS_TITLES, THREADS, WEEKLY_TASKS, Letter, Thread
from nomade.kernel.clock import PARIS

SIZE = 200
SENT = "Sent"


@dataclass(frozen=True)
class Posted:
    """A message in its folder."""

    folder: str
    at: datetime
    seen: bool
    answered: bool
    content: bytes


@dataclass(frozen=True)
class Correspondents:
    """Who writes, by part (`chief`, `team`…)."""

    people: dict[str, list[Address]]
    domain: str

    def one(self, part: str, dice: random.Random) -> Address:
        return dice.choice(self.people[part])


class Writer:
    """Writes every message, the oldest first; the same seed gives the same mailbox."""

    def __init__(self, who: Correspondents, now: datetime, seed: int) -> None:
        self.who = who
        self.now = now
        self.dice = random.Random(seed)
        self.count = 0

    def mailbox(self) -> list[Posted]:
        """Exactly `SIZE` messages: the threads, the weekly planning and the internal letter, as far back as needed."""
        written = [post for thread in THREADS for post in self._thread(thread)]
        regular = self._regular()
        while len(written) < SIZE:
            written.append(next(regular))
        return sorted(written, key=lambda post: post.at)

    def _thread(self, thread: Thread) -> Iterator[Posted]:
        start = self._office_hour(self.now - timedelta(days=thread.days_ago))
        total = sum(letter.after for letter in thread.letters[1:])
        # A recent thread ends before now, whatever its pace.
        pace = min(1.0, (self.now - start).total_seconds() / 3600 / total * 0.95) if total else 1.0
        references: list[str] = []
        at = start
        colleague = self.who.one("team", self.dice)
        for place, letter in enumerate(thread.letters):
            if place:
                at += timedelta(hours=letter.after * pace)
            sender = colleague if letter.sender == "team" else self.who.one(letter.sender, self.dice)
            message = self._message(thread, letter, sender, at, references, place)
            folder = SENT if letter.sender == ME else thread.folder
            last = place == len(thread.letters) - 1
            answered = not last and thread.letters[place + 1].sender == ME
            seen = letter.sender == ME or not (thread.unread and last)
            yield Posted(folder, at, seen, answered, message.as_bytes(policy=SMTP))

    def _message(
        self, thread: Thread, letter: Letter, sender: Address, at: datetime, references: list[str], place: int
    ) -> EmailMessage:
        me = self.who.people[ME][0]
        to = self.who.one("chief", self.dice) if letter.sender == ME else me
        if letter.sender == ME and "hr" in {other.sender for other in thread.letters}:
            to = self.who.people["hr"][0]
        if letter.sender == ME and "training" in {other.sender for other in thread.letters}:
            to = self.who.people["training"][0]
        message = self._bare(sender, to, ("Re: " if place else "") + thread.subject, at)
        if references:
            message["In-Reply-To"] = references[-1]
            message["References"] = " ".join(references)
        references.append(message["Message-ID"])
        message.set_content(letter.text + "\n")
        for name in filter(None, letter.attachment.split("+")):
            self._attach(message, name, thread.subject, at)
        return message

    def _bare(self, sender: Address, to: Address, subject: str, at: datetime) -> EmailMessage:
        self.count += 1
        message = EmailMessage(policy=SMTP)
        message["From"] = sender
        message["To"] = to
        message["Subject"] = subject
        message["Date"] = format_datetime(at)
        message["Message-ID"] = f"<demo-{self.count:04d}.{int(at.timestamp())}@{self.who.domain}>"
        return message

    def _attach(self, message: EmailMessage, name: str, subject: str, at: datetime) -> None:
        if name.endswith(".png"):
            message.add_attachment(attachments.picture(), maintype="image", subtype="png", filename=name)
        elif name.endswith(".ics"):
            content = attachments.invitation(subject, at + timedelta(days=9), f"{self.count}@{self.who.domain}")
            message.add_attachment(content, maintype="text", subtype="calendar", filename=name)
        else:
            title = attachments.TITLES.get(name, subject)
            content = attachments.pdf(title, "Document de l’équipe du parc Georges-Brassens.")
            message.add_attachment(content, maintype="application", subtype="pdf", filename=name)

    def _regular(self) -> Iterator[Posted]:
        """The planning of each week, the internal letter every other one, a word from a colleague: back in time."""
        week = 0
        while True:
            week += 1
            yield self._planning(week)
            if week % 2:
                yield self._news(week)
            if week % 3 == 0:
                yield self._reply_to_planning(week)

    def _planning(self, week: int) -> Posted:
        at = self._office_hour(self.now - timedelta(days=7 * week - 3))
        chief, me = self.who.people["chief"][0], self.who.people[ME][0]
        message = self._bare(chief, me, f"Planning de la semaine {at.isocalendar().week}", at)
        tasks = WEEKLY_TASKS[week % len(WEEKLY_TASKS)]
        message.set_content(f"Bonjour à tous,\n\nAu programme : {tasks}.\nLe planning est joint.\n\nMehdi\n")
        self._attach(message, "planning.pdf", "", at)
        return Posted("INBOX" if week < 12 else "Équipe", at, week > 1, week % 3 == 0, message.as_bytes(policy=SMTP))

    def _reply_to_planning(self, week: int) -> Posted:
        at = self._office_hour(self.now - timedelta(days=7 * week - 3)) + timedelta(hours=2)
        chief, me = self.who.people["chief"][0], self.who.people[ME][0]
        message = self._bare(me, chief, f"Re: Planning de la semaine {at.isocalendar().week}", at)
        message.set_content("Bien reçu, merci. Je prends le matériel au local avant 7 h 30.\n\nCamille\n")
        return Posted(SENT, at, True, False, message.as_bytes(policy=SMTP))

    def _news(self, week: int) -> Posted:
        at = self._office_hour(self.now - timedelta(days=7 * week - 1))
        title = NEWS_TITLES[week // 2 % len(NEWS_TITLES)]
        message = self._bare(self.who.people["news"][0], self.who.people[ME][0], title, at)
        message.set_content(f"{title}\n\nÀ lire sur le portail, rubrique « Actualités ».\n")
        message.add_alternative(_news_html(title), subtype="html")
        return Posted("INBOX", at, week > 2, False, message.as_bytes(policy=SMTP))

    def _office_hour(self, day: datetime) -> datetime:
        """A working hour of that day, in Paris; never later than now."""
        local = day.astimezone(PARIS)
        while local.weekday() > 4:
            local -= timedelta(days=1)
        placed = local.replace(
            hour=self.dice.randint(7, 16),
            minute=self.dice.randint(0, 59),
            second=self.dice.randint(0, 59),
            microsecond=0,
        )
        return placed if placed < self.now else placed - timedelta(days=1)


def _news_html(title: str) -> str:
    return f"""<html><body style="font-family: sans-serif; color: #1c2433">
<table role="presentation" width="100%"><tr><td style="background: #1d3f7a; color: #ffffff; padding: 16px">
<h1 style="font-size: 20px; margin: 0">{title}</h1></td></tr>
<tr><td style="padding: 16px"><p>Bonjour,</p><p>Cette quinzaine, nous avons suivi des collègues
<strong>du petit matin à la fermeture</strong>. Leurs journées se ressemblent peu :</p>
<ul><li>l’ouverture des jardins à 8 h,</li><li>la relève des équipes à midi,</li>
<li>les réunions publiques du soir.</li></ul>
<p><img src="https://images.example.invalid/lettre.jpg" alt="Une équipe devant la serre" width="480" height="240"></p>
<p><a href="https://intranet.example.invalid/lettre">Lire toute la lettre</a></p></td></tr></table></body></html>"""
