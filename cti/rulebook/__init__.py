"""Reads what managers write: rules, the vocabulary, prompt texts, and the rules' own tests."""
