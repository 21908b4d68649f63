"""How the account and everything under it is: collected as facts, judged by pure functions, shown in four ways, told.

Facts (`facts`) are collected in `collecting`, `activity`, `surroundings` and `model_probe`; `judging` says what they
mean. `lines`, `plain_values`, `page` and `metrics` show that. `watch` looks again and again, `alerting` makes alerts of
what it finds, `telling` tells them to a person, and `server` answers over HTTP. Nothing in here controls anything.
"""
