"""Says whether a message's DKIM signature is good: an independent verifier for the tests of `mail`.

The message comes by standard input; name and text of the DNS record are the arguments.
"""

import sys

import dkim


def main():
    name, text = sys.argv[1:3]

    def record(asked, timeout=5):
        asked = asked.decode().rstrip(".")
        return text.encode() if asked == name else None

    try:
        good = dkim.verify(sys.stdin.buffer.read(), dnsfunc=record)
    except dkim.DKIMException:
        good = False
    print("good" if good else "bad")


main()
