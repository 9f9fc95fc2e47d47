"""Rules of French public pay: facts of an agent and a month in, a slip out. No ORM, no clock, no settings."""
