"""``foricheck bench``: the speed of the engine on this machine."""

from __future__ import annotations

import click

from foricheck.cli.help import examples

__all__ = ["command"]


@click.command("bench", epilog=examples("foricheck bench"))
def command() -> None:
    """Measure the engine against a naive property test, on the bundled reference.

    Prints the cases a second of both, warm and in one run, the programs that XLA compiled
    meanwhile, and the growth of memory over 100,000 cases. Single times are noise: compare the
    ratios.
    """
    from foricheck.targets.jax import config

    config.force_host_devices()
    from foricheck.runner.benchmark import growth, rates

    slow: dict[str, float] = {}
    click.echo(f"{'chapter':8}{'test':8}{'cases':>8}{'seconds':>9}{'cases/s':>10}{'compiled':>10}")
    for rate in rates():
        slow.setdefault(rate.chapter, rate.per_second)
        ratio = rate.per_second / slow[rate.chapter]
        compared = f"   {ratio:,.0f} × naive" if rate.name == "engine" else ""
        click.echo(
            f"{rate.chapter:8}{rate.name:8}{rate.cases:8,}{rate.seconds:9.2f}"
            f"{rate.per_second:10,.0f}{rate.compilations:10}{compared}"
        )
    grown = growth()
    click.echo(f"memory: {grown.cases:,} cases grew the resident set by {grown.mebibytes:.0f} MiB")
