"""What `nomade live` serves: events for pages, nothing else."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nomade.config.settings")
django.setup()

from nomade.mail.live.application import Live  # noqa: E402  after Django is set up

application = Live()
