"""Everything that knows feeds: fetching them politely and without harm, and reading what RSS and Atom say.

It knows the words that everybody shares and nothing else of ours. What becomes of an entry is the business of
`systems`, where it is kept of `store`.
"""
