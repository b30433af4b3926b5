"""Why a prompt comes, and why not: worked out of what is kept, when someone asks. Nothing here is part of a pass."""
