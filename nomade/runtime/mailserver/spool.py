"""Accepted messages, on disk until each recipient has theirs."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
from pathlib import Path
from typing import Protocol

RETRY_SECONDS = 10.0
log = logging.getLogger("smtp")


class Store(Protocol):
    """Where messages are delivered."""

    async def deliver(self, login: str, sender: str, message: bytes) -> None:
        """Puts the message in the mailbox. Raises `OSError` when it must be tried again."""


class Spool:
    """A folder of messages (`.eml`) with the recipients still waiting for each (`.json`).

    A message counts from the moment its `.json` is there; a recipient is struck out after delivery, so a crash in
    between may deliver twice but never loses.
    """

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder = folder
        self._store = store
        self._busy: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    async def accept(self, sender: str, recipients: list[str], message: bytes) -> None:
        """Keeps the message, then delivers it. Raises `OSError` when it could not be kept."""
        name = secrets.token_hex(12)
        self._write(self._folder / f"{name}.eml", message)
        self._write(self._folder / f"{name}.json", json.dumps([sender, recipients]).encode())
        await self._deliver(name)

    async def retry_for_ever(self) -> None:
        """Serves what an earlier failure or stop left behind."""
        while True:
            for path in sorted(self._folder.glob("*.json")):
                await self._deliver(path.stem)
            await asyncio.sleep(RETRY_SECONDS)

    async def _deliver(self, name: str) -> None:
        if name in self._busy:
            return
        self._busy.add(name)
        try:
            await self._deliver_to_each(self._folder / f"{name}.json", self._folder / f"{name}.eml")
        finally:
            self._busy.discard(name)

    async def _deliver_to_each(self, order: Path, body: Path) -> None:
        if not order.exists():
            return
        sender, waiting = json.loads(order.read_bytes())
        message = body.read_bytes()
        for login in list(waiting):
            try:
                await self._store.deliver(login, sender, message)
            except OSError as error:
                log.warning("remise différée pour %s : %s", login, error)
                continue
            waiting.remove(login)
            if waiting:
                self._write(order, json.dumps([sender, waiting]).encode())
        if not waiting:
            order.unlink()
            body.unlink()

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        unfinished = path.with_suffix(".new")
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
