"""A static archive of what editions have told, from the store: pages, feeds and a sitemap.

`places` says where a page lies, `plan` what there is to be shown, `metadata` what a page tells programs,
`pages` and `feeds` render, `shelf` writes what changed, and `build` does it all.
"""
