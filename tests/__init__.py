"""Tests as sentences; they mirror the modules of cti."""
