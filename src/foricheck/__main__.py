"""``python -m foricheck`` is ``foricheck``."""

from foricheck.cli import main

main()
