"""Rules of French public pay: facts of an agent and a month in, lines of the slip out. No ORM, no clock, no settings."""
