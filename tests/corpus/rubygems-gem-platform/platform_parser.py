# SPDX-License-Identifier: Apache-2.0
"""A program that answers `normal_platform` as RubyGems normalises a platform: cpu, operating system, version."""
import json
import re
import sys

NUMBER = re.compile(r"^\d+(\.\d+)?$")
# The first that is found in the name of the system; the groups are its name, if it is not fixed, and its version.
SYSTEMS = [
    (r"aix(\d+)?", "aix"), (r"cygwin", "cygwin"), (r"darwin(\d+)?", "darwin"), (r"^macruby$", "macruby"),
    (r"freebsd(\d+)?", "freebsd"), (r"^(?:java|jruby)$", "java"), (r"^java([\d.]*)", "java"), (r"^dalvik(\d+)?$", "dalvik"),
    (r"^dotnet([\d.]*)", "dotnet"), (r"linux-?(\w+)?", "linux"), (r"mingw32", "mingw32"), (r"mingw-?(\w+)?", "mingw"),
    (r"(mswin\d+)(?:_(\d+))?", None), (r"netbsdelf", "netbsdelf"), (r"openbsd(\d+\.\d+)?", "openbsd"),
    (r"solaris(\d+\.\d+)?", "solaris"),
]


def system_of(name):
    for pattern, system in SYSTEMS:
        found = re.search(pattern, name or "")
        if found and name is not None:
            groups = list(found.groups())
            return system or groups.pop(0), (groups[0] or None) if groups else None
    return "unknown", None


def normal(platform):
    if platform == "ruby":
        return "ruby"
    parts = platform.split("-") if platform else []
    if len(parts) > 2 and not re.search(r"\d+(\.\d+)?$", parts[-1]):
        extra = parts.pop()
        parts[-1] += "-" + extra
    first = parts.pop(0) if parts else None
    cpu = "x86" if first and re.search(r"i\d86", first) else first
    if len(parts) == 2 and NUMBER.match(parts[-1]):
        return "-".join([cpu, *parts])
    name = parts[0] if parts else None
    if name is None:
        cpu, name = None, first
    system, version = system_of(name)
    if cpu is None and system.startswith("mswin") and system.endswith("32"):
        cpu = "x86"
    return "-".join(part for part in (cpu, system, version) if part)


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"id": request["id"], "value": normal(request["args"]["platform"])}), flush=True)
