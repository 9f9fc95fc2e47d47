"""The web application that the server calls."""

from __future__ import annotations

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from nomade.config.threads import remember_by_thread
from nomade.kernel.bodies import KeepOneThread
from nomade.kernel.patience import give_up_after

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nomade.config.settings")
application = KeepOneThread(get_wsgi_application(), settings.NOMADE.web_threads)
remember_by_thread()
give_up_after(settings.NOMADE.database_patience_seconds)

# What is loaded now lives as long as the process: the collector need not walk it again, which would stop a request for
# some tens of milliseconds, every few hundred of them.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
