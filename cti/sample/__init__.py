"""An invented shelter organisation, made from a seed: for `cti demo`, for tests and for measurements.

A hidden truth (`truth`) is registered with the faults that registrations have (`records`), and written in three dialects:
event rows (`events`), snapshots (`snapshots`) and HMIS CSV (`hmis`). Nothing here is taken from the rest of the product, so
that what the engine recognises can be measured against a truth which it had no part in.
"""
