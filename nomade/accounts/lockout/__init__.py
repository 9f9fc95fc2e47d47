"""Refusing guesses without ever letting a stranger close somebody's door (docs/adr/0021)."""
