"""The ways out: mail to a server, mail into a folder."""
