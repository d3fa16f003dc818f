"""Values that fit the world that each sandbox of a run begins with."""

from typing import Any

from tests.vendors.world import MAPPING

# Parameters of the world that each sandbox begins with (`SEED`).
NUMBERS = ("1", "2", "3", "4")
WORLD = {
    "catalog_name": ("restaurants", "restaurants", "empty"),
    "item_id": ("r1", "r2", "r119"),
    "selection_name": ("good",),
    "field_name": ("Rating", "City"),
    "Workspace-Id": ("2", "2", "2", "1"),
    "catalogVersion": (1, 2),
    "version": (1, 2),
    "name": ("product", "shop", "restaurants"),
    **dict.fromkeys(("connector_id", "model_id", "sync_id", "id", "workspace_id"), NUMBERS),
    **dict.fromkeys(("catalog_id", "source_id", "destination_id", "sync_run_id"), NUMBERS),
    **dict.fromkeys(("user_id", "role_id"), NUMBERS),
}

# By API and operation.
# Bodies that fit the world, for operations whose schema alone leads to few successes.
VALID: dict[str, Any] = {
    "attraqt create_catalog": {"catalogItemSchemas": [{"name": "product", "version": 1}]},
    "braze update_item": {"items": [{"Rating": 3}]},
    "squared query_source": {"query": "SELECT count(*) FROM users"},
    "squared schedule_sync": {"schedule_sync": {"sync_id": 1}},
    "squared enable_sync": {"enable": True},
    "attraqt create_ingestion": {"catalogVersion": 1, "batchImportId": None},
    "attraqt upsert_batch_items": [{"id": "A", "type": "product", "attributes": {"title": "a"}}],
    "attraqt patch_batch_items": [{"id": "A", "type": "product", "attributes": {"title": "b"}}],
    "attraqt delete_batch_items": [{"id": "A"}],
    "squared create_sync": {
        "sync": {
            "source_id": 4,
            "model_id": 1,
            "destination_id": 5,
            "schedule_type": "manual",
            "stream_name": "profile",
            "sync_mode": "incremental",
            "configuration": MAPPING,
        }
    },
}
