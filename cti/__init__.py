"""cti prompts social workers at the moments when a client's situation changes."""

__version__ = "0.1.0"
