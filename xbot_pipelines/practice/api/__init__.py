"""The official API of X (v2) as practice X serves it under `/2`, over the same world as the site.

The way of a request: `door` (address, limit, fault), `identity` (who asks), `endpoints` (what is answered), `shapes`
(how a post or a user looks), `problems` (how a refusal looks). Who gets a token is decided in `tokens`, what X would
charge in `bill`. Source: X's documentation and OpenAPI 2.166 and 2.167 of August 2026.
"""
