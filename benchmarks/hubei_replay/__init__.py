"""The replay of Hubei 2020: what was reachable against what was published, and what each measure was worth."""
