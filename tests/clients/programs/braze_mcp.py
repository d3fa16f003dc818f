"""Braze's own MCP server: the catalog tools, called over its protocol."""

import asyncio
import json
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

_, URL, TOKEN = sys.argv
SERVER = StdioServerParameters(
    command=sys.executable,
    args=["-m", "braze_mcp.main"],
    env={"BRAZE_API_KEY": TOKEN, "BRAZE_BASE_URL": URL},
)


async def call(session, name, **parameters):
    """Call a function of the server and return what it says."""
    asked = {"function_name": name, "parameters": parameters}
    result = await session.call_tool("call_function", asked)
    return json.loads(result.content[0].text)


async def main():
    """Print what the three tools return."""
    async with stdio_client(SERVER) as pipes, ClientSession(*pipes) as session:
        await session.initialize()
        first = await call(session, "get_catalog_items", catalog_name="shop")
        cursor = first["data"]["pagination_info"]["next_cursor"]
        seen = {
            "catalogs": await call(session, "get_catalogs"),
            "first": first,
            "second": await call(session, "get_catalog_items", catalog_name="shop", cursor=cursor),
            "item": await call(session, "get_catalog_item", catalog_name="shop", item_id="item-07"),
            "missing": await call(session, "get_catalog_item", catalog_name="shop", item_id="nope"),
        }
        print(json.dumps(seen))


asyncio.run(main())
