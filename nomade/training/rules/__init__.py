"""The rules of training: facts in, decision and reason out."""
