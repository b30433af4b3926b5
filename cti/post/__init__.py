"""The post office: who is sent which message when, what it says, and how it gets out of the door."""
