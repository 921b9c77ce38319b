"""The entry point, as ``foricheck`` and ``python -m foricheck``.

Signals are handled before anything heavy is imported.
"""

from __future__ import annotations

import sys
from typing import NoReturn

from foricheck.runner import signals

__all__ = ["main"]


def main() -> NoReturn:
    """Run the command that ``sys.argv`` names, and exit with its status."""
    signals.handle()
    try:
        from foricheck.cli import main as run
    except signals.Stopped as stopped:
        sys.stderr.write(f"foricheck: {stopped}\n")
        sys.exit(stopped.status)
    run()


if __name__ == "__main__":
    main()
