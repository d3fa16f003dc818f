"""Exports: the state of one sandbox or of all, as the pieces of one JSON document."""

import json
from typing import Any

from mockalog.kernel.clock import iso_micros
from mockalog.kernel.database.interfaces import Reader
from mockalog.kernel.documents import table_dumps
from mockalog.kernel.documents.errors import VERSION
from mockalog.kernel.formats.json import Pieces, dumps
from mockalog.kernel.sandboxes import credentials, generations
from mockalog.kernel.sandboxes.generations import SandboxRow
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.turns import Turns
from mockalog.kernel.vendor.runtime import Runtime


async def export(runtime: Runtime, sandbox: Sandbox | None, turns: Turns) -> Pieces:
    """Return the document of a sandbox, or of the whole server for None.

    Each sandbox is exported as it is at one instant. Raises `ClientLeftError`.
    """
    document = Pieces(b'{"mockalog":%d' % VERSION)
    async with runtime.database.reading() as reader:
        if sandbox is not None:
            contents = await _contents(reader, sandbox.name, turns)
            if contents is not None:
                document.add(b",")
                document.extend(contents)
        else:
            document.add(b',"sandboxes":{')
            mark = b""
            async for rows in generations.read_live(reader):
                for row in rows:
                    contents = await _contents(reader, row.name, turns)
                    if contents is not None:
                        document.add(mark + dumps(row.name) + b":{")
                        document.extend(contents)
                        document.add(b"}")
                        mark = b","
            document.add(b"}")
    document.add(b"}")
    return document


async def _contents(reader: Reader, name: str, turns: Turns) -> Pieces | None:
    """Return the members of a sandbox's object, None if the sandbox does not exist any more.

    A reset meanwhile takes the name away, and cleanup then deletes rows. So the sandbox is read
    again.
    """
    while (row := await generations.read(reader, name)) is not None:
        contents = Pieces()
        async with reader.hold(row.id):
            if not await generations.is_current(reader, row):
                continue
            contents.add(dumps(await _head(reader, row))[1:-1] + b',"tables":')
            async for text in table_dumps.dump(reader, row.id):
                contents.add(text)
                await turns.give_way()
            if await generations.is_current(reader, row):
                return contents
    return None


async def _head(reader: Reader, row: SandboxRow) -> dict[str, Any]:
    clock: dict[str, Any] = {"mode": row.clock_mode}
    if row.clock_mode == "frozen":
        clock["now"] = iso_micros(row.clock_value)
    else:
        clock["shift"] = row.clock_value
    return {
        "settings": json.loads(row.settings),
        "clock": clock,
        "credentials": await credentials.of_sandbox(reader, row.name),
    }
