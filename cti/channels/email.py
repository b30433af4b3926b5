"""Mail to a mail server."""

from cti.channels.options import Options as Options
