"""Pure rules of the personal file: facts in, decision and reason out."""
