"""Directives: what an approved plan asks of each organisation, followed until it is done."""
