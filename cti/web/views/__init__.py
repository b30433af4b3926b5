"""What pages show, as frozen values: made of the store and the rules, and tested without a browser."""
