"""The ESFT-compatible method, with coefficient tables that the user brings."""

from mainstay.demand.esft.method import EsftResult, esft_needs

__all__ = ["EsftResult", "esft_needs"]
