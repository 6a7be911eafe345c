# SPDX-License-Identifier: Apache-2.0
"""A pgbouncer in transaction mode before a script's own PostgreSQL: few server connections, which change hands all the time."""
import shutil
import subprocess
import time

from postgres_server import PROGRAMS

SETTINGS = """[databases]
* = host={folder} user=postgres
[pgbouncer]
pool_mode = transaction
auth_type = any
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}/bouncer
default_pool_size = 4
max_client_conn = 100
server_round_robin = 1
logfile = {folder}/bouncer/log
"""


class PgBouncer:
    def __init__(self, server):
        self.server = server
        self.folder = server.directory / "bouncer"

    def __enter__(self):
        self.folder.mkdir()
        (self.folder / "pgbouncer.ini").write_text(SETTINGS.format(folder=self.server.directory))
        if self.server.identity:
            shutil.chown(self.folder, "postgres", "postgres")
        self.process = subprocess.Popen(["/usr/sbin/pgbouncer", self.folder / "pgbouncer.ini"], cwd=self.folder, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.server.identity)
        for _ in range(400):
            if subprocess.run([PROGRAMS / "psql", "-qc", "SELECT 1", self.url("postgres")], capture_output=True).returncode == 0:
                return self
            time.sleep(0.02)
        raise SystemExit("pgbouncer of the test does not start (scripts/install installs it)")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def url(self, database):
        return f"postgresql:///{database}?host={self.folder}&port=6432&user=postgres"
