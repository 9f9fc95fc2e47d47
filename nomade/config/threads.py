"""What Django remembers for the request under way, kept by thread, in a process where a thread serves one at a time.

Django keeps the language, the urlconf and the prefix of addresses where both threads and coroutines find theirs. A page
reads them some four hundred times, at one or two microseconds each. In a WSGI worker there is no coroutine, and a plain
`threading.local` gives the same answers for a twentieth of it.
"""

from __future__ import annotations

import threading

from django.urls import base
from django.utils.translation import trans_real

#: Where Django keeps each: the names are its own, `test_threads` says when they change.
PLACES = ((trans_real, "_active"), (base, "_prefixes"), (base, "_urlconfs"))


def remember_by_thread() -> None:
    """To be called once, before the first request, in a process that serves by threads alone."""
    for module, name in PLACES:
        setattr(module, name, threading.local())
