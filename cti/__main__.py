"""`python -m cti` is `cti`."""

from cti.cli import main

# A process that another one starts beside itself imports this module; it must not run the command again.
if __name__ == "__main__":
    main()
