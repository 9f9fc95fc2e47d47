"""Live connections of one process: one a mailbox, kept while they are used, closed when they are not.

A click then costs one or two round trips and no sign-in. The server's own limit (10 connections a user on Dovecot, 16
on Exchange) is counted over every process, so one a mailbox and process is also what keeps us welcome.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from mailkit.endpoints import Account
from mailkit.errors import MailError
from mailkit.imap.memory import Memory
from mailkit.imap.session import Session

T = TypeVar("T")


@dataclass
class _Slot:
    """The place of one mailbox; `lock` is held by the thread that talks to the server."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    session: Session | None = None
    opening: socket.socket | None = None
    used_at: float = 0.0
    busy_since: float | None = None
    memory: Memory = field(default_factory=Memory)

    def connect(self, account: Account, tls: ssl.SSLContext | None) -> Session:
        """Opens the session; until it is signed in, `cut` finds its bare socket."""
        try:
            self.session = Session(account, tls=tls, opened=self._note, memory=self.memory)
        finally:
            self.opening = None
        return self.session

    def _note(self, opened: socket.socket) -> None:
        self.opening = opened

    def cut(self) -> None:
        """Ends what waits on the server, from another thread."""
        session, opening = self.session, self.opening
        if session is not None:
            session.wire.abort()
        elif opening is not None:
            with suppress(OSError):
                opening.shutdown(socket.SHUT_RDWR)


class Pool:
    """Lends live sessions to threads.

    `size`: connections at most; the one idle for longest gives way. `idle_seconds`: closed after so long without use.
    `wait_seconds`: how long a second request of the same mailbox waits for the first. `deadline_seconds`: a
    request that takes longer (a server that drips byte by byte) has its connection cut; `opening_seconds`: the same
    until the mailbox is open, when nothing long has been asked for yet.
    """

    def __init__(
        self,
        *,
        size: int = 200,
        idle_seconds: float = 240.0,
        wait_seconds: float = 5.0,
        deadline_seconds: float = 30.0,
        opening_seconds: float = 5.0,
        ask_after_seconds: float = 60.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._size = size
        self._idle_seconds = idle_seconds
        self._wait_seconds = wait_seconds
        self._deadline_seconds = deadline_seconds
        self._opening_seconds = min(opening_seconds, deadline_seconds)
        self._ask_after_seconds = ask_after_seconds
        self._tls = tls
        self._guard = threading.Lock()
        self._slots: dict[Account, _Slot] = {}
        self._stop = threading.Event()
        self._housekeeper: threading.Thread | None = None
        self._closed = False

    def run(self, account: Account, work: Callable[[Session], T], *, again: bool = True) -> T:
        """Does `work` on a session of the mailbox and gives back its result.

        A kept connection may have died unnoticed: then, once, on a new one, unless `again` is False (work that must not
        happen twice). Raises MailError.
        """
        slot = self._locked_slot(account)
        started = slot.busy_since = time.monotonic()
        try:
            kept = slot.session is not None
            try:
                return self._work(account, slot, work)
            except MailError as error:
                cut = time.monotonic() - started > self._opening_seconds
                if cut or not (kept and again and error.broken and error.key == "unreachable"):
                    raise
            return self._work(account, slot, work)
        finally:
            if self._closed:
                self._drop(slot)
            slot.busy_since = None
            slot.used_at = time.monotonic()
            slot.lock.release()

    def _work(self, account: Account, slot: _Slot, work: Callable[[Session], T]) -> T:
        session = slot.session
        if session is not None:
            idle = time.monotonic() - slot.used_at
            if not session.wire.is_alive(ask=idle > self._ask_after_seconds):
                session.wire.abort()
                session = slot.session = None
        if session is None:
            session = slot.connect(account, self._tls)
        try:
            return work(session)
        except MailError as error:
            if error.broken:
                self._drop(slot)
            raise
        except BaseException:
            # Half an answer may still be on its way: such a connection would give it to the next request.
            self._drop(slot)
            raise

    @staticmethod
    def _drop(slot: _Slot) -> None:
        session, slot.session = slot.session, None
        if session is not None:
            session.wire.abort()

    def _locked_slot(self, account: Account) -> _Slot:
        while True:
            slot = self._slot(account)
            if not slot.lock.acquire(timeout=self._wait_seconds):
                raise MailError("busy", "the mailbox's connection is in use", retry=True)
            with self._guard:
                if self._slots.get(account) is slot:
                    return slot
            # It gave way to another mailbox while we waited for it.
            slot.lock.release()

    def _slot(self, account: Account) -> _Slot:
        evicted: list[_Slot] = []
        with self._guard:
            slot = self._slots.get(account)
            if slot is None:
                while len(self._slots) >= self._size:
                    oldest = self._take_idlest()
                    if oldest is None:
                        raise MailError("busy", "every connection is in use", retry=True)
                    evicted.append(oldest)
                # No secret in it: who reaches a session has signed in.
                whose = (account.endpoint, account.credentials.mailbox)
                slot = self._slots[account] = _Slot(used_at=time.monotonic(), memory=Memory(mailbox=whose))
            self._start_housekeeper()
        for old in evicted:
            self._retire(old)
        return slot

    def _take_idlest(self) -> _Slot | None:
        """Takes away, locked, the slot unused for longest; None when all are busy. Called under the guard."""
        for account, slot in sorted(self._slots.items(), key=lambda item: item[1].used_at):
            if slot.lock.acquire(blocking=False):
                del self._slots[account]
                return slot
        return None

    @staticmethod
    def _retire(slot: _Slot) -> None:
        session, slot.session = slot.session, None
        slot.lock.release()
        if session is not None:
            session.close()

    # --- Housekeeping ------------------------------------------------------------------------------------------------

    def _start_housekeeper(self) -> None:
        if self._housekeeper is None or not self._housekeeper.is_alive():
            self._stop.clear()
            self._housekeeper = threading.Thread(target=self._keep_house, name="imap-pool", daemon=True)
            self._housekeeper.start()

    def _keep_house(self) -> None:
        while not self._stop.wait(min(self._idle_seconds / 4, self._opening_seconds / 4)):
            self.tidy()

    def tidy(self) -> None:
        """Closes what is idle, cuts what is stuck."""
        now = time.monotonic()
        retired: list[_Slot] = []
        with self._guard:
            for account, slot in list(self._slots.items()):
                stuck_since = slot.busy_since
                most = self._deadline_seconds if slot.opening is None else self._opening_seconds
                if stuck_since is not None and now - stuck_since > most:
                    slot.cut()
                elif now - slot.used_at > self._idle_seconds and slot.lock.acquire(blocking=False):
                    del self._slots[account]
                    retired.append(slot)
        for slot in retired:
            self._retire(slot)

    def __len__(self) -> int:
        """How many connections are open."""
        with self._guard:
            return sum(slot.session is not None for slot in self._slots.values())

    def close(self) -> None:
        """Closes every idle connection now, each other one as soon as its work is done; stops the housekeeper."""
        self._closed = True
        self._stop.set()
        with self._guard:
            slots = [slot for slot in self._slots.values() if slot.lock.acquire(blocking=False)]
            self._slots.clear()
        for slot in slots:
            self._retire(slot)
