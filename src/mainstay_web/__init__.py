"""The platform of a supply office: register, reports, plans and what everybody may see of them."""
