"""`python -m tests.load`, which `make bench` calls."""

import sys
from pathlib import Path

# The scripts of this folder are run by name too: they import each other as siblings.
sys.path.insert(0, str(Path(__file__).parent))

from bench import main

sys.exit(main())
