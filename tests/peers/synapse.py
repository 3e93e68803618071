"""A real homeserver, Synapse on SQLite, that lives as long as the tests, in a temporary folder."""

from __future__ import annotations

import base64
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

NAME = "solidarity.test"
START_SECONDS = 60.0
LIFTED = "{per_second: 100000, burst_count: 100000}"

CONFIG = """\
server_name: {name}
pid_file: {folder}/homeserver.pid
signing_key_path: {folder}/signing.key
media_store_path: {folder}/media
report_stats: false
suppress_key_server_warning: true
trusted_key_servers: []
macaroon_secret_key: {secret}
form_secret: {secret}
registration_shared_secret: {secret}
enable_registration: true
enable_registration_without_verification: true
bcrypt_rounds: 4
presence: {{enabled: false}}
caches: {{sync_response_cache_duration: 0s}}
database: {{name: sqlite3, args: {{database: "{folder}/homeserver.db"}}}}
listeners:
  - {{port: {port}, bind_addresses: ["127.0.0.1"], type: http, tls: false, resources: [{{names: [client], compress: false}}]}}
federation_domain_whitelist: []
url_preview_enabled: false
rc_message: {rc_message}
rc_room_creation: {lifted}
rc_registration: {lifted}
rc_login: {{address: {lifted}, account: {lifted}, failed_attempts: {lifted}}}
rc_joins: {{local: {lifted}, remote: {lifted}}}
rc_joins_per_room: {lifted}
rc_invites: {{per_room: {lifted}, per_user: {lifted}, per_issuer: {lifted}}}
rc_reports: {lifted}
rc_admin_redaction: {lifted}
log_config: {folder}/log.yaml
"""
LOG = """\
version: 1
formatters: {{plain: {{format: "%(asctime)s %(levelname)s %(name)s %(message)s"}}}}
handlers: {{file: {{class: logging.FileHandler, filename: "{folder}/log", formatter: plain}}}}
root: {{level: WARNING, handlers: [file]}}
"""


@dataclass(slots=True)
class Synapse:
    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, rc_message: str = LIFTED) -> Synapse:
        """Raises RuntimeError, with its last words, when it does not start."""
        folder = Path(tempfile.mkdtemp(prefix="solidarity-bot-synapse-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        (folder / "signing.key").write_text(f"ed25519 a_test {seed}\n")
        (folder / "log.yaml").write_text(LOG.format(folder=folder))
        values = {"folder": folder, "port": port, "name": NAME, "secret": secrets.token_hex(16)}
        (folder / "config.yaml").write_text(CONFIG.format(lifted=LIFTED, rc_message=rc_message, **values))
        server = cls(folder, port, cls._launch(folder))
        try:
            server._wait()
        except RuntimeError:
            server.stop()
            raise
        return server

    @staticmethod
    def _launch(folder: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "synapse.app.homeserver", "-c", str(folder / "config.yaml")]
        with (folder / "output").open("ab") as output:
            return subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=1):
                    return
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
        raise RuntimeError("Synapse does not start:\n" + (self.folder / "output").read_text(errors="replace")[-2000:])

    def away(self) -> None:
        """As a machine that is switched off; what is written down stays."""
        self.process.terminate()
        self.process.wait(20)

    def back(self) -> None:
        self.process = self._launch(self.folder)
        self._wait()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)
