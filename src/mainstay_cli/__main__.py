"""Lets ``python -m mainstay_cli`` do what ``mainstay`` does."""

from mainstay_cli.main import main

main()
