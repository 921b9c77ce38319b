"""``python -m foricheck`` is ``foricheck``."""

from foricheck.start import main

main()
