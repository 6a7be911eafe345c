# SPDX-License-Identifier: Apache-2.0
"""Runs of the real executable that are disturbed, and how their outcome is compared with an undisturbed one's."""
import subprocess
import sys


class Trial:
    def __init__(self, binary, spec):
        self.binary, self.spec = binary, spec

    def command(self, url):
        return [self.binary, "run", self.spec, "--db", url, "--yes", "--quiet"]

    def finish(self, url):
        done = subprocess.run(self.command(url), capture_output=True, text=True, timeout=300)
        if done.returncode not in (0, 4):
            sys.exit(f"the resumed run ended with {done.returncode}\n{done.stdout}\n{done.stderr}")

    def start(self, url):
        return subprocess.Popen(self.command(url), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def kill_after(self, url, seconds):
        """Starts (or resumes) the run and kills it; False if it was finished before."""
        process = self.start(url)
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return True
        if process.returncode not in (0, 4):
            sys.exit(f"a run ended by itself with {process.returncode}\n{output}")
        return False


def compare(found, control, seed):
    for what in control:
        one, other = found[what], control[what]
        if one != other:
            differ = [pair for pair in zip(one, other) if pair[0] != pair[1]][:3]
            sys.exit(f"seed {seed}: {what}: {len(one)} rows, control {len(other)}; first differences: {differ}")
