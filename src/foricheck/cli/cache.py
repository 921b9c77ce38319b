"""``foricheck cache``: the compiled programs that are kept between runs."""

from __future__ import annotations

import click

from foricheck.cli.help import examples

__all__ = ["command"]


@click.command("cache", epilog=examples("foricheck cache", "foricheck cache --clear"))
@click.option("--clear", is_flag=True, help="Remove what is kept.")
def command(*, clear: bool) -> None:
    """Tell where compiled programs are kept between runs, and how many.

    JAX_ENABLE_COMPILATION_CACHE=false keeps none; JAX_COMPILATION_CACHE_DIR keeps them elsewhere.
    """
    from foricheck.runner import cache

    if elsewhere := cache.elsewhere():
        click.echo(elsewhere)
        return
    told = cache.clear() if clear else cache.usage()
    verb = "removed" if clear else "kept"
    click.echo(f"{cache.directory()}")
    click.echo(f"{told.programs:,} programs {verb}, {told.bytes / 2**20:.1f} MiB")
