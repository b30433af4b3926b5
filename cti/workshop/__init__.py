"""The rule workshop: what a change of rules would do, seen before it is made."""
