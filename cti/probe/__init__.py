"""Looking at what might be a registration, only reading: what kind it is, what its columns and codes seem to mean, and what
would be recognised. What comes of it is a guess to start from, for someone who knows the registration."""
