"""Signing in through the employer's directory: it owns the password and the lock; local accounts never need it."""
