// Segment's Braze destination: its catalog hook, its dynamic fields, an item and batches.
const { Destination } = require("@segment/actions-core");
const braze = require("@segment/action-destinations/dist/destinations/braze").default;

const [, , url, token] = process.argv;
const settings = { app_id: "app", api_key: token, endpoint: url };
const action = new Destination(braze).actions.upsertCatalogItem;
const hookOutputs = { onMappingSave: { outputs: { catalog_name: "shop" } } };

function event(id, properties) {
  return { type: "track", event: "Changed", userId: "u", properties: { id, item: properties } };
}

function mapping(mode) {
  return {
    __segment_internal_sync_mode: mode,
    item_id: { "@path": "$.properties.id" },
    item: { "@path": "$.properties.item" },
    ...hookOutputs,
  };
}

async function one(mode, id, item) {
  const call = { data: event(id, item), mapping: mapping(mode), settings };
  const results = await action.execute(call);
  return results.at(-1)?.output;
}

async function batch(mode, items) {
  const data = items.map(([id, item]) => event(id, item));
  return await action.executeBatch({ data, mapping: mapping(mode), settings });
}

async function failure(promise) {
  return await promise.then(() => null, (error) => ({ message: error.message, status: error.status }));
}

async function main() {
  const columns = [{ name: "City", type: "string" }, { name: "Stars", type: "number" }];
  const created = { operation: "create", created_catalog_name: "shop", columns };
  const hook = () => action.executeHook("onMappingSave", { settings, payload: {}, hookInputs: created });
  return {
    created: await hook(),
    createdAgain: await hook(),
    keys: await action.executeDynamicField("item.__keys__", {
      settings,
      payload: hookOutputs,
    }),
    upserted: await one("upsert", "a", { City: "Ulm", Stars: 5 }),
    batch: await batch("upsert", [["b", { City: "Bonn" }], ["c", { City: "Kiel" }]]),
    wrong: await batch("upsert", [["d", { City: "Jena" }], ["e", { Stars: "many" }]]),
    refused: await failure(one("upsert", "f", { Nope: 1 })),
    deleted: await one("delete", "a", {}),
    deletedAgain: await one("delete", "a", {}),
  };
}

main().then((seen) => console.log(JSON.stringify(seen)));
