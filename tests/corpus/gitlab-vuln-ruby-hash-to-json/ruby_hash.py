# SPDX-License-Identifier: Apache-2.0
"""A program that answers `json_of_ruby`: a parser of Ruby's literals. It evaluates nothing."""
import json
import re
import sys

BLANK = re.compile(r"\s*")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
SYMBOL = re.compile(r"[A-Za-z_]\w*[?!]?")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "0": "\0", "s": " ", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
WORDS = {"nil": None, "true": True, "false": False}


class Reader:
    def __init__(self, text):
        self.text, self.at = text, 0

    def blank(self):
        self.at = BLANK.match(self.text, self.at).end()

    def takes(self, what):
        self.blank()
        if not self.text.startswith(what, self.at):
            return False
        self.at += len(what)
        return True

    def needs(self, what):
        if not self.takes(what):
            raise ValueError(f"`{what}` expected at {self.at}")

    def match(self, pattern):
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found and found.group()

    def string(self, quote):
        out = ""
        while self.at < len(self.text):
            c = self.text[self.at]
            self.at += 1
            if c == quote:
                return out
            if c == "#" and quote == '"' and self.text.startswith("{", self.at):
                raise ValueError(f"code in a string at {self.at}")
            out += self.escape(quote) if c == "\\" else c
        raise ValueError("a string is not closed")

    def escape(self, quote):
        c = self.text[self.at:self.at + 1]
        self.at += 1
        if quote == "'":
            return c if c in ("'", "\\") else "\\" + c
        if c == "u":
            digits = self.match(re.compile(r"[0-9a-fA-F]{4}"))
            if not digits:
                raise ValueError(f"no character at {self.at}")
            return chr(int(digits, 16))
        return ESCAPES.get(c, c)

    def value(self):
        if self.takes("{"):
            return self.hash()
        if self.takes("["):
            return self.items("]", self.value)
        for quote in ('"', "'"):
            if self.takes(quote):
                return self.string(quote)
        if self.takes(":"):
            return self.symbol()
        number = self.match(NUMBER)
        if number:
            return float(number) if "." in number else int(number)
        word = self.match(SYMBOL)
        if word in WORDS:
            return WORDS[word]
        raise ValueError(f"no literal at {self.at}")

    def symbol(self):
        if self.takes('"'):
            return self.string('"')
        name = self.match(SYMBOL)
        if not name:
            raise ValueError(f"no symbol at {self.at}")
        return name

    def items(self, end, one):
        found = []
        if self.takes(end):
            return found
        while True:
            found.append(one())
            if self.takes(end):
                return found
            self.needs(",")
            if self.takes(end):
                return found

    def hash(self):
        return dict(self.items("}", self.pair))

    def pair(self):
        self.blank()
        short = re.compile(r"([A-Za-z_]\w*[?!]?):(?!:)").match(self.text, self.at)
        if short:
            self.at = short.end()
            return short.group(1), self.value()
        quoted = self.text[self.at:self.at + 1] == '"'
        key = self.value()
        if not (quoted and self.takes(":")):
            self.needs("=>")
        return key if isinstance(key, str) else json.dumps(key), self.value()


def parsed(text):
    reader = Reader(text)
    reader.needs("{")
    result = reader.hash()
    reader.blank()
    if reader.at < len(text):
        raise ValueError(f"something stands behind the hash, at {reader.at}")
    return result


for line in sys.stdin:
    request = json.loads(line)
    answer = {"id": request["id"]}
    try:
        answer["value"] = json.dumps(parsed(request["args"]["hash"]))
    except (ValueError, RecursionError) as error:
        answer["error"] = str(error)
    print(json.dumps(answer), flush=True)
