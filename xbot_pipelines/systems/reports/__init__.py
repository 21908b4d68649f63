"""What a day was, told to a person: `days` says which, `looking_back` collects it, `rendering` writes it down.

A section of the report is a value (a `Section`, in a field of `DayReport`) and a part of each template that has the
field's name: `templates/html/<field>.html` and `templates/markdown/<field>.md`. Nothing else knows the sections.
"""
