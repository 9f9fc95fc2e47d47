"""The program behind the embedded mail: SMTP in front of Dovecot, or IMAP, ManageSieve and SMTP on pymap.

Run by the supervisor as `python -m nomade.runtime.mailserver.serve`; what it needs comes on standard input as JSON, so
that the master's password shows neither in the list of processes nor in the environment of children.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys
import warnings
from contextlib import AsyncExitStack
from pathlib import Path

from .mailboxes import Mailboxes
from .settings import MailSettings
from .smtp import Submission, new_server
from .spool import Spool, Store


async def _serve(settings: MailSettings) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    mailboxes = settings.mailboxes()
    async with AsyncExitStack() as stack:
        store = await _store(settings, mailboxes, stack)
        spool = Spool(Path(settings.folder) / "spool", store)
        submission = Submission(
            mailboxes, spool, master_user=settings.master_user, master_password=settings.master_password
        )
        await loop.create_server(
            lambda: new_server(submission, settings.domain), host="127.0.0.1", port=settings.smtp_port
        )
        retries = asyncio.create_task(spool.retry_for_ever())
        retries.add_done_callback(lambda _: stopped.set())
        await stopped.wait()
        if retries.done() and not retries.cancelled():
            retries.result()  # ends the program, and shows why
        retries.cancel()


async def _store(settings: MailSettings, mailboxes: Mailboxes, stack: AsyncExitStack) -> Store:
    if settings.flavour == "pymap":
        from .pymap_store import PymapStore  # pymap is loaded only where it serves

        store = PymapStore(mailboxes, master_user=settings.master_user, master_password=settings.master_password)
        await store.listen(stack, settings.imap_port, settings.sieve_port)
        return store
    return settings.dovecot()


def main() -> int:
    """Serves until SIGTERM."""
    logging.basicConfig(level=logging.WARNING, format="%(name)s : %(message)s")
    # aiosmtpd warns about AUTH without TLS, which on loopback is our choice (docs/adr/0010).
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", message="Requiring AUTH while not requiring TLS")
    settings = MailSettings(**json.load(sys.stdin))
    asyncio.run(_serve(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
