"""x"""
from mockalog.vendors.squared.sql.dialects.rules import Rules

RULES = Rules()
