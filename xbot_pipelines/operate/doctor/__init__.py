"""`xbot doctor`: everything that a newcomer or a broken deployment can have wrong, each with what to do about it.

The list of checks lies in `checks`, how they are run in `examination`, how the findings are shown in `report`. Every
other file holds the checks of one subject. A check looks and changes nothing.
"""
