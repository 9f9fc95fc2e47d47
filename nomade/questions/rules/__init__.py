"""The rules of questions: facts in, decision and reason out."""
