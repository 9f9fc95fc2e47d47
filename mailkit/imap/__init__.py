"""IMAP for a web server: live connections, arguments that cannot smuggle a command, answers as frozen facts."""

from __future__ import annotations

from mailkit.imap.criteria import Criteria
from mailkit.imap.listing import Listing, Overview
from mailkit.imap.pool import Pool
from mailkit.imap.session import Session
from mailkit.imap.types import Envelope, Folder, FolderState, MessagePage, MessageRef, MessageView, Part, Quota, Role

__all__ = [
    "Criteria",
    "Envelope",
    "Folder",
    "FolderState",
    "Listing",
    "MessagePage",
    "MessageRef",
    "MessageView",
    "Overview",
    "Part",
    "Pool",
    "Quota",
    "Role",
    "Session",
]
