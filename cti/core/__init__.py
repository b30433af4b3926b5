"""The reasoning: pure functions over frozen values. Nothing here reads a clock, a file or a database."""
