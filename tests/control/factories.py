"""Test data of the control plane."""

SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}
