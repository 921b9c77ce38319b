"""``foricheck cache``: compiled programs stored between runs."""

from __future__ import annotations

import click

from foricheck.cli.help import examples

__all__ = ["command"]


@click.command("cache", epilog=examples("foricheck cache", "foricheck cache --clear"))
@click.option("--clear", is_flag=True, help="Remove them.")
def command(*, clear: bool) -> None:
    """Show where compiled programs are stored between runs, and how many.

    JAX_ENABLE_COMPILATION_CACHE=false stores none; JAX_COMPILATION_CACHE_DIR stores them elsewhere.
    """
    from foricheck.runner import cache

    if elsewhere := cache.elsewhere():
        click.echo(elsewhere)
        return
    usage = cache.clear() if clear else cache.usage()
    verb = "removed" if clear else "kept"
    click.echo(f"{cache.directory()}")
    click.echo(f"{usage.programs:,} programs {verb}, {usage.bytes / 2**20:.1f} MiB")
