"""The law of leave as pure functions: facts in, decision and its reason out. No ORM, no clock, no settings."""
