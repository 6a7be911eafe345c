# SPDX-License-Identifier: Apache-2.0
"""A TCP proxy in front of a PostgreSQL's socket that cuts connections: at a moment, or in a COMMIT's answer."""
import random
import socket
import struct
import threading


def commits(message):
    """A simple query as it goes over the wire: 'Q', length, text, NUL. Batches set something before their COMMIT."""
    return message.startswith(b"Q") and message.endswith(b"COMMIT\0")


class CuttingProxy:
    """One COMMIT in so many, drawn anew each time, loses its answer, all or a part of it, after the server has it."""

    def __init__(self, server_socket, seed):
        self.server_socket = server_socket
        self.chance = random.Random(seed)
        self.until_commit = self._draw()
        self.cuts = self.cuts_in_commit = 0
        self.pairs = set()
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _draw(self):
        return self.chance.randrange(2, 30)

    def close(self):
        self.listener.close()
        self.cut(count=False)

    def cut(self, count=True):
        """Every connection that is open, without a goodbye to either side."""
        with self.lock:
            pairs, self.pairs = self.pairs, set()
        for pair in pairs:
            self._drop(pair)
        if count and pairs:
            self.cuts += 1
        return bool(pairs)

    def _drop(self, pair):
        for end in pair:
            try:
                # Linger 0: a reset, as from a firewall or a failed-over address.
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except OSError:
                pass
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self.server_socket)
            except OSError:
                client.close()
                server.close()
                continue
            pair = (client, server)
            with self.lock:
                self.pairs.add(pair)
            state = {"cut": False}
            threading.Thread(target=self._to_server, args=(pair, state), daemon=True).start()
            threading.Thread(target=self._to_client, args=(pair, state), daemon=True).start()

    def _to_server(self, pair, state):
        client, server = pair
        try:
            while data := client.recv(65536):
                if commits(data):
                    self.until_commit -= 1
                    if self.until_commit == 0:
                        state["cut"] = True
                        self.until_commit = self._draw()
                server.sendall(data)
        except OSError:
            pass
        self._end(pair)

    def _to_client(self, pair, state):
        client, server = pair
        try:
            while data := server.recv(65536):
                if state["cut"]:  # the server has committed
                    client.sendall(data[:self.chance.randrange(len(data))])
                    self.cuts_in_commit += 1
                    break
                client.sendall(data)
        except OSError:
            pass
        self._end(pair)

    def _end(self, pair):
        with self.lock:
            known = pair in self.pairs
            self.pairs.discard(pair)
        if known:
            self._drop(pair)
