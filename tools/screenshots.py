"""Make the pictures of the platform in docs/img anew: ``python -m tools.screenshots``.

Starts a platform on its own data, plans the bundled case and photographs three pages in Chromium.
"""

from __future__ import annotations
