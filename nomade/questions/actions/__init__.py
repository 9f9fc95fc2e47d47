"""The only writers of questions."""
