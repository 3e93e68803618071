"""The real program on Matrix, to be killed."""

from __future__ import annotations

from pathlib import Path

CONFIG = """\
[matrix]
homeserver = "{homeserver}"
user = "{user}"
password = "{password}"
passphrase = "any long random words"
store = "{folder}/matrix-store"
messages_per_second = {per_second}

[storage]
url = "{database_url}"

[geocoding]
url = ""

[health]
listen = ""
"""


def write_matrix_config(
    folder: Path, homeserver: str, user: str, password: str, database_url: str, per_second: float = 1000
) -> Path:
    config = folder / "config.toml"
    config.write_text(
        CONFIG.format(
            homeserver=homeserver,
            user=user,
            password=password,
            folder=folder,
            database_url=database_url,
            per_second=per_second,
        ),
        encoding="utf-8",
    )
    return config
