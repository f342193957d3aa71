"""A mail server that keeps what it is given, and misbehaves on demand.

Usage: smtp_sink.py            both ports are free ones; the first line of output is {"smtp": PORT, "api": PORT}
       smtp_sink.py --certificate FILE --key FILE --user NAME --password WORD [--wrapped]
                               takes mail only over TLS, begun by STARTTLS or there from the first byte, and
                               only from this user

It ends with its standard input, so it never outlives the test that started it.

The API speaks JSON over HTTP:
  GET    /mails                                all mails, oldest first
  GET    /mails/next?to=&subject=&after=&wait=  the first mail to that address, with that part of the subject
                                               and a number above `after`; waits up to `wait` seconds, else 404
  DELETE /mails                                forgets them; numbers go on
  GET    /fault                                {"fault": NAME, "seen": messages offered under it}
  PUT    /fault/NAME                           how to treat the next messages:
    ok         takes them
    tempfail   451
    permfail   550
    nobody     550 5.1.1, as for an address that is none
    slow       takes them after five seconds
    half       451 for every second one, the first included
    drop       keeps the message and cuts the line before the answer
    drop-lost  cuts the line before the answer and keeps nothing
    down       takes no connection at all, until another fault is set
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl
import sys
from urllib.parse import parse_qs, unquote, urlsplit

from aiosmtpd.smtp import SMTP, AuthResult

FAULTS = ("ok", "tempfail", "permfail", "nobody", "slow", "half", "drop", "drop-lost", "down")
SLOW_SECONDS = 5
MESSAGE_LIMIT = 30 * 1024 * 1024


class Box:
    """The mails taken, and the fault in force."""

    def __init__(self):
        self.mails = []
        self.last_number = 0
        self.fault = "ok"
        self.seen = 0
        self.arrived = asyncio.Condition()

    async def keep(self, envelope):
        self.last_number += 1
        self.mails.append(described(self.last_number, envelope))
        async with self.arrived:
            self.arrived.notify_all()

    def find(self, to, subject, after):
        for mail in self.mails:
            fits = mail["number"] > after and subject in mail["subject"]
            if fits and (not to or to.lower() in (address.lower() for address in mail["recipients"])):
                return mail
        return None

    async def wait_for(self, to, subject, after, seconds):
        async def found():
            async with self.arrived:
                await self.arrived.wait_for(lambda: self.find(to, subject, after))
            return self.find(to, subject, after)

        try:
            return await asyncio.wait_for(found(), seconds)
        except asyncio.TimeoutError:
            return None


def described(number, envelope):
    """What a test wants to know of a mail, with its parts decoded."""
    raw = envelope.original_content
    message = email.message_from_bytes(raw, policy=email.policy.default)

    def part(kind):
        body = message.get_body(preferencelist=(kind,))
        return body.get_content() if body else None

    return {
        "number": number,
        "sender": envelope.mail_from,
        "recipients": list(envelope.rcpt_tos),
        "from": str(message["from"]),
        "to": str(message["to"]),
        "subject": str(message["subject"]),
        "messageId": str(message["message-id"]),
        "headers": [[name, str(value)] for name, value in message.items()],
        "text": part("plain"),
        "html": part("html"),
        "raw": raw.decode("utf-8", "replace"),
    }


class Intake:
    """aiosmtpd calls this for each message offered."""

    def __init__(self, box):
        self.box = box

    async def handle_DATA(self, server, session, envelope):
        box = self.box
        box.seen += 1
        fault = box.fault
        if fault == "tempfail" or (fault == "half" and box.seen % 2 == 1):
            return "451 4.3.0 Later, please"
        if fault == "permfail":
            return "550 5.7.1 Not wanted here"
        if fault == "nobody":
            return "550 5.1.1 No such mailbox"
        if fault == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        if fault != "drop-lost":
            await box.keep(envelope)
        if fault in ("drop", "drop-lost"):
            server.transport.abort()
        return "250 2.0.0 Kept"


class Door:
    """The mail port. Closed, it refuses connections; opened again, it is the same port."""

    def __init__(self, box, wanted):
        self.box = box
        self.port = 0
        self.server = None
        self.rules = {}
        self.wrapping = None
        if wanted.certificate:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(wanted.certificate, wanted.key)

            def known(server, session, envelope, mechanism, said):
                fits = (said.login, said.password) == (wanted.user.encode(), wanted.password.encode())
                return AuthResult(success=fits, handled=False)

            self.rules = {"authenticator": known, "auth_required": True}
            if wanted.wrapped:
                self.wrapping = tls
                self.rules["auth_require_tls"] = False
            else:
                self.rules |= {"tls_context": tls, "require_starttls": True}

    async def turn(self, closed):
        if closed and self.server:
            self.server.close()
            self.server = None
        elif not closed and not self.server:
            self.server = await asyncio.get_running_loop().create_server(
                self.session, "127.0.0.1", self.port, ssl=self.wrapping
            )
            self.port = self.server.sockets[0].getsockname()[1]

    def session(self):
        return SMTP(
            Intake(self.box),
            data_size_limit=MESSAGE_LIMIT,
            enable_SMTPUTF8=True,
            hostname="sink.test",
            loop=asyncio.get_running_loop(),
            **self.rules,
        )


class Api:
    """Enough HTTP for one question per connection."""

    def __init__(self, box, door):
        self.box = box
        self.door = door

    async def serve(self, reader, writer):
        try:
            request = await reader.readline()
            while (await reader.readline()).strip():
                pass
            method, target, _ = request.decode("ascii").split(" ", 2)
            status, body = await self.answer(method, urlsplit(target))
            content = json.dumps(body).encode()
            head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode("ascii") + content)
            await writer.drain()
        except (ConnectionError, ValueError):
            pass
        finally:
            writer.close()

    async def answer(self, method, target):
        box = self.box
        asked = {name: values[-1] for name, values in parse_qs(target.query).items()}
        match method, target.path.strip("/").split("/"):
            case "GET", ["mails"]:
                return "200 OK", box.mails
            case "GET", ["mails", "next"]:
                mail = await box.wait_for(
                    asked.get("to", ""), asked.get("subject", ""), int(asked.get("after", 0)), float(asked.get("wait", 20))
                )
                return ("200 OK", mail) if mail else ("404 Not Found", {"mails": [[m["to"], m["subject"]] for m in box.mails]})
            case "DELETE", ["mails"]:
                box.mails.clear()
                return "200 OK", {}
            case "GET", ["fault"]:
                return "200 OK", {"fault": box.fault, "seen": box.seen}
            case "PUT", ["fault", name] if unquote(name) in FAULTS:
                box.fault, box.seen = unquote(name), 0
                await self.door.turn(closed=box.fault == "down")
                return "200 OK", {"fault": box.fault}
        return "404 Not Found", {}


async def until_input_ends():
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


async def main():
    parser = argparse.ArgumentParser()
    for name in ("--certificate", "--key", "--user", "--password"):
        parser.add_argument(name)
    parser.add_argument("--wrapped", action="store_true")
    box = Box()
    door = Door(box, parser.parse_args())
    await door.turn(closed=False)
    api = await asyncio.start_server(Api(box, door).serve, "127.0.0.1", 0)
    ports = {"smtp": door.port, "api": api.sockets[0].getsockname()[1]}
    print(json.dumps(ports), flush=True)
    await until_input_ends()


if __name__ == "__main__":
    asyncio.run(main())
