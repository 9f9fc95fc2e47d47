"""The only writers of this service."""
