"""The pages' addresses, one module for each family: ask, act by the engine, show."""
