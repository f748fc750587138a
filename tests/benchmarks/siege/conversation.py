"""One association among hundreds in one process: the stall-free sender's PDUs, over asyncio."""

import asyncio
import struct
from contextlib import suppress

from tests.benchmarks.ingest import pdu
from tests.benchmarks.ingest.stall_free import LONGEST_ANSWER_BYTES, SendFailed

CONNECT_SECONDS = 20.0


class Conversation:
    """A connection from ``address`` (on the loopback) to ``port``. To be closed."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int, address: str) -> "Conversation":
        """Connect. Raises SendFailed."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return cls(*await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0)))
        except (OSError, TimeoutError) as error:
            raise SendFailed(f"no connection: {error or 'timed out'}") from error

    async def send(self, content: bytes | bytearray) -> None:
        """Send; returns when the kernel has taken most of it. Raises SendFailed."""
        try:
            self._writer.write(content)
            await self._writer.drain()
        except OSError as error:
            raise SendFailed(f"the receiver does not take it: {error}") from error

    async def receive(self, wanted: int, *, seconds: float) -> bytes:
        """The body of the next PDU, which is to be of type ``wanted``. Raises SendFailed on any other, or none."""
        try:
            async with asyncio.timeout(seconds):
                kind, _, length = struct.unpack(">BBI", await self._reader.readexactly(pdu.HEADER_BYTES))
                if kind != wanted or length > LONGEST_ANSWER_BYTES:
                    raise SendFailed(f"the receiver answered {pdu.NAMES.get(kind, f'a PDU of type {kind}')}")
                return await self._reader.readexactly(length)
        except asyncio.IncompleteReadError as error:
            raise SendFailed("the receiver closed the connection") from error
        except TimeoutError as error:
            raise SendFailed(f"no answer within {seconds:g} s") from error
        except OSError as error:
            raise SendFailed(f"the receiver does not answer: {error}") from error

    async def status(self, *, seconds: float) -> int | None:
        """The status of the C-STORE response that comes next. Raises SendFailed where none does."""
        command = b""
        while True:
            for control, part in pdu.fragments(await self.receive(pdu.P_DATA, seconds=seconds)):
                command += part
                if control & pdu.LAST:
                    return pdu.command_value(command, pdu.STATUS)

    async def wait_until_closed(self, seconds: float) -> bool:
        """Read what comes until the other side closes; False when it has not within ``seconds``."""
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(seconds):
                while await self._reader.read(4096):
                    pass
                return True
        return False

    def close(self) -> None:
        """Close the connection."""
        self._writer.close()
