"""The tiny case and plans of it, as the tests of the network have them."""

from tests.network.conftest import bare, sound, tiny

__all__ = ["bare", "sound", "tiny"]
