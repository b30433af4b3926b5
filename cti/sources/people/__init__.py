"""Lists of people: who works here, read from a file, a database, or a service of identities. They tell nothing of clients."""
