"""`python -m nomade` is the `nomade` command."""

import sys

from nomade.cli import main

sys.exit(main())
