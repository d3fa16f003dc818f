"""``python -m mockalog``: the same as the ``mockalog`` command."""

from mockalog.cli import main

main()
