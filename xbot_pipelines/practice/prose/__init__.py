"""What the practice model can say: it reads an assignment, and writes posts and replies from a grammar.

`assignment` reads what a prompt asks for, `subjects` and `phrases` are the material, `writer` puts sentences
together, `schema` fills the JSON that was asked for. No HTTP here (that is `practice.model`) and no readers' taste
(`practice.appeal`).
"""
