"""The only writers of the support."""
