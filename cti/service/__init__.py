"""`cti run`: the pages in this process, the passes in one beside it, and what keeps both going."""
