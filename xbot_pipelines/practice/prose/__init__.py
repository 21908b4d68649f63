"""What the practice model can say: it reads a prompt, and judges posts, writes posts, and answers posts.

Reading: `quoting` parts a prompt from the data in it, `assignment` and `judging` say what is asked for, `topics` (with
`talk_lines`) what a text is about, `occasions` what sort of thing it is. Writing: `subjects` and `phrases` are the
material of posts, `writer` puts them together, `replies` has its own. `obedience` is how the gullible model answers,
`answering` chooses, `schema` fills the JSON that was asked for. No HTTP here (that is `practice.model`) and no readers'
taste (`practice.appeal`).
"""
