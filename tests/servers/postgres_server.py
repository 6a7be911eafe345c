# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL 15 of a script's own: a unix socket alone, gone when the script is."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")


class PostgresServer:
    """Commits reach the operating system (an immediate stop loses none), but not the disk."""

    def _make_directory(self):
        self.process = None
        # A socket's path has to be short: not below a deep TMPDIR.
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="backfill-pg-", dir="/tmp"))
        self.identity = {}
        if os.getuid() == 0:  # it refuses to run as root
            shutil.chown(self.directory, "postgres", "postgres")
            self.identity = {"user": "postgres", "group": "postgres", "extra_groups": []}

    def __init__(self, **settings):
        self._make_directory()
        self.settings = {"listen_addresses": "", "unix_socket_directories": str(self.directory), "fsync": "off",
                         "shared_buffers": "64MB", "max_connections": "60", "max_wal_size": "2GB", **settings}
        self._run("initdb", "-D", self.directory / "data", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8", "-A",
                  "trust", "-U", "postgres", "--no-instructions")

    def standby(self):
        """Another server that follows this one and takes no writes. To be entered like any other."""
        other = PostgresServer.__new__(PostgresServer)
        other._make_directory()
        other.settings = {**self.settings, "unix_socket_directories": str(other.directory)}
        other._run("pg_basebackup", "-h", self.directory, "-U", "postgres", "-D", other.directory / "data", "-R", "-c", "fast")
        return other

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _run(self, program, *arguments):
        subprocess.run([PROGRAMS / program, *arguments], check=True, cwd=self.directory, stdout=subprocess.DEVNULL,
                       **self.identity)

    def start(self):
        words = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        with open(self.directory / "log", "ab") as log:
            self.process = subprocess.Popen([PROGRAMS / "postgres", "-D", self.directory / "data", *words],
                                            cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True, **self.identity)
        for _ in range(600):
            if subprocess.run([PROGRAMS / "pg_isready", "-q", "-h", self.directory]).returncode == 0:
                return
            time.sleep(0.02)
        sys.exit("PostgreSQL of the test does not start:\n" + (self.directory / "log").read_text())

    def stop(self):
        """As `pg_ctl stop -m immediate`: no checkpoint, no goodbye, and the log is replayed at the next start."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        self.process = None

    def socket(self):
        return str(self.directory / ".s.PGSQL.5432")

    def url(self, database):
        return f"postgresql:///{database}?host={self.directory}&user=postgres"

    def ask(self, database, sql):
        """What one or more statements answer, in COPY's text form or psql's unaligned one."""
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url(database)],
                              input=sql, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{sql[:2000]}\n{done.stderr}")
        return done.stdout

    def create(self, database, template="template0"):
        """A copy; whoever is still connected to what is copied is thrown out."""
        for _ in range(200):
            done = subprocess.run(
                ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.url("postgres"),
                 "-c", f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('{template}', '{database}')",
                 "-c", f"DROP DATABASE IF EXISTS {database} WITH (FORCE)",
                 "-c", f"CREATE DATABASE {database} TEMPLATE {template}"], capture_output=True, text=True)
            if done.returncode == 0:
                return
            time.sleep(0.05)
        sys.exit(done.stderr)
