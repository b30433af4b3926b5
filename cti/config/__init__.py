"""The config: what stands in config.toml, read into ready values, with every mistake in it said at once."""

from cti.config.load import Config, examine, load

__all__ = ["Config", "examine", "load"]
