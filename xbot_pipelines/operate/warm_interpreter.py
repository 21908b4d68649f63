"""What the interpreter has imported from which runs are forked. Importing this module is the whole of its work.

Here belongs what a run would otherwise spend its first seconds on. Nothing in it may open a connection or start a
thread: neither survives a fork. Who forks is `orchestration.run_launcher`.
"""

from importlib import import_module

from xbot_pipelines.definitions import defs
from xbot_pipelines.settings import load_settings

# What our code imports only where it needs it, so that definitions load fast.
_IMPORTED_LATER = ("dagster_postgres", "matplotlib.figure", "openai")
_OF_A_TRANSPORT = {
    "browser": ("playwright.sync_api", "xbot_pipelines.x.browser", "xbot_pipelines.x.session"),
    "api": ("xbot_pipelines.x.api.client",),
}

for name in (*_IMPORTED_LATER, *_OF_A_TRANSPORT[load_settings().profile.transport]):
    import_module(name)

# Jobs are put together when somebody first asks for them.
defs.get_repository_def().get_all_jobs()
