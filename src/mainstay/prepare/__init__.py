"""What should stand ready: choose stock, standby lines, contracts and sites before we know which outbreak comes."""

from mainstay.prepare.future import Future

__all__ = ["Future"]
