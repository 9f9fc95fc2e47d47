"""Bringing agents and units in from a file: read, checked whole, planned, then written in one transaction."""
