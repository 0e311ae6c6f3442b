"""`auditor config`: every setting, its value, and where it came from."""

from __future__ import annotations

from auditor.cli import options as o


def config(config: o.ConfigFile = None, isolated: o.Isolated = False) -> int:
    """Print every setting, its value, and where it came from."""
    from auditor.cli.settings import listing, resolve

    print("\n".join(listing(resolve({}, config_file=config, isolated=isolated))))
    return 0
