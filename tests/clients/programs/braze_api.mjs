// braze-api: the list of catalogs, every page of the items, one item, and an item that is not there.
import { Braze } from "braze-api";

const [, , url, token] = process.argv;
const braze = new Braze(url, token).catalogs;

const items = [];
for await (const item of braze.synchronous.items({ catalog_name: "shop" })) items.push(item.id);
const missing = await braze.synchronous
  .item({ catalog_name: "shop", item_id: "nope" })
  .catch((error) => ({ name: error.constructor.name, message: error.message, status: error.status }));
const seen = {
  catalogs: (await braze.synchronous.list()).catalogs,
  items,
  item: (await braze.synchronous.item({ catalog_name: "shop", item_id: "item-07" })).items,
  missing,
};
console.log(JSON.stringify(seen));
