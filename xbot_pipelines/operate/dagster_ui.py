"""Talking to a running Dagster through its webserver's GraphQL: is it ready, what runs, launch this, end that.

By HTTP and not by Dagster's Python interface: importing that costs seconds and a hundred megabytes, for a few
questions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx2

from xbot_pipelines.text.parse_json import parse_json

ENDED = ("SUCCESS", "FAILURE", "CANCELED")
_PROBE_SECONDS = 2.0
_REPOSITORY = "__repository__"
UNDER_WAY = ("STARTING", "STARTED", "CANCELING")
_RUN_FIELDS = "runId jobName status startTime endTime updateTime assetSelection(limit: 3) { path }"


class DagsterSilent(Exception):
    """The webserver did not answer, or answered with an error of its own."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run of Dagster, as far as a person wants to hear of it.

    `name` is the job's, or what is materialized where somebody materialized it by hand.
    """

    id: str
    name: str
    status: str
    seconds: float | None
    updated_at: float

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in ENDED


class DagsterUi:
    """The webserver at `url`, which shows the code location `location`."""

    def __init__(self, url: str, *, location: str) -> None:
        self.url = url
        self._location = location
        # Not through a proxy that the environment names: it could not reach this machine's loopback.
        self._client = httpx2.Client(base_url=url, trust_env=False)

    def close(self) -> None:
        """Lets the connections go."""
        self._client.close()

    def shows_the_location(self, _since: datetime) -> bool:
        """Whether the webserver answers, and has loaded our definitions."""
        try:
            entries = self._ask(_LOCATIONS, within=_PROBE_SECONDS)["workspaceOrError"].get("locationEntries", [])
        except DagsterSilent:
            return False
        ours = next((entry for entry in entries if entry["name"] == self._location), None)
        content = (ours or {}).get("locationOrLoadError") or {}
        return content.get("__typename") == "RepositoryLocation"

    def daemon_beats_since(self, moment: datetime) -> bool:
        """Whether every daemon that Dagster needs has given a sign of life since `moment`, and no complaint."""
        try:
            statuses = self._ask(_DAEMONS, within=_PROBE_SECONDS)["instance"]["daemonHealth"]["allDaemonStatuses"]
        except DagsterSilent:
            return False
        needed = [status for status in statuses if status["required"]]
        return all(status["healthy"] and (status["lastHeartbeatTime"] or 0) > moment.timestamp() for status in needed)

    def heartbeats(self) -> Mapping[str, datetime | None]:
        """Answers when each daemon that Dagster needs last gave a sign of life; None where it never did.

        Raises:
            DagsterSilent: Dagster does not tell.
        """
        statuses = self._ask(_DAEMONS)["instance"]["daemonHealth"]["allDaemonStatuses"]
        return {
            status["daemonType"].lower(): datetime.fromtimestamp(beat, UTC) if beat else None
            for status in statuses
            for beat in [status["lastHeartbeatTime"]]
            if status["required"]
        }

    def switched_off(self) -> Sequence[str]:
        """Answers the names of our schedules and sensors that do not run, in their order.

        Raises:
            DagsterSilent: Dagster does not tell, or has not loaded our definitions.
        """
        selector = {"repositoryLocationName": self._location, "repositoryName": _REPOSITORY}
        found = self._ask(_INSTIGATORS, selector=selector)["repositoryOrError"]
        if "schedules" not in found:
            raise DagsterSilent(f"Dagster does not show our schedules: {found.get('message')}")
        states = [
            *((one["name"], one["scheduleState"]) for one in found["schedules"]),
            *((one["name"], one["sensorState"]) for one in found["sensors"]),
        ]
        return sorted(name for name, state in states if state["status"] != "RUNNING")

    def launch(self, job: str, tags: Mapping[str, str]) -> str:
        """Puts a run of a job into the queue, and answers its id.

        Raises:
            DagsterSilent: it could not be launched; the message says why.
        """
        selector = {
            "repositoryLocationName": self._location,
            "repositoryName": _REPOSITORY,
            "jobName": job,
        }
        parameters = {
            "selector": selector,
            "runConfigData": {},
            "executionMetadata": {"tags": [{"key": key, "value": value} for key, value in tags.items()]},
        }
        result = self._ask(_LAUNCH, parameters=parameters)["launchRun"]
        if result["__typename"] != "LaunchRunSuccess":
            reason = result.get("message") or result["__typename"]
            raise DagsterSilent(f"the job {job} could not be launched: {reason}")
        return str(result["run"]["runId"])

    def runs(self, **runs_filter: object) -> list[Run]:
        """Answers the runs that a RunsFilter of Dagster's GraphQL selects (`runIds`, `statuses`, `updatedAfter`).

        Raises:
            DagsterSilent: Dagster does not tell.
        """
        result = self._ask(_RUNS, filter=runs_filter)["runsOrError"]
        if "results" not in result:
            raise DagsterSilent(str(result.get("message")))
        return [_run(found) for found in result["results"]]

    def why_failed(self, run_id: str) -> str | None:
        """Answers in Dagster's words why a run failed: the innermost error, in its first line."""
        events = self._ask(_EVENTS, run=run_id)["logsForRun"].get("events", [])
        errors = [event["error"] for event in events if event.get("error")]
        messages = [event["message"] for event in events if event["__typename"] == "RunFailureEvent"]
        if errors:
            innermost = errors[0]["causes"][-1] if errors[0]["causes"] else errors[0]
            messages.insert(0, innermost["message"])
        return next((message.strip().splitlines()[0] for message in messages if message.strip()), None)

    def what_it_said(self, run_id: str) -> str:
        """Answers what a run that went well says of its result: done, nothing to do or blocked, and why."""
        run = self._ask(_SAID, run=run_id)["runOrError"]
        for materialization in run.get("assetMaterializations", []):
            said = {entry["label"]: entry.get("text") for entry in materialization["metadataEntries"]}
            if said.get("result"):
                return ": ".join(filter(None, (said["result"], said.get("reason"))))
        return "done"

    def terminate(self, run_ids: Sequence[str]) -> None:
        """Asks the workers of these runs to end."""
        self._ask(_TERMINATE, runs=run_ids, policy="SAFE_TERMINATE")

    def give_up(self, run_ids: Sequence[str]) -> None:
        """Marks these runs as canceled, without asking workers that are no more."""
        self._ask(_TERMINATE, runs=run_ids, policy="MARK_AS_CANCELED_IMMEDIATELY")

    def link(self, run_id: str) -> str:
        """Where a person sees this run."""
        return f"{self.url}/runs/{run_id}"

    def _ask(self, query: str, *, within: float = 10, **variables: object) -> dict[str, Any]:
        try:
            answer = self._client.post("/graphql", json={"query": query, "variables": variables}, timeout=within)
            answer.raise_for_status()
            body: dict[str, Any] = parse_json(answer.content)
        except (httpx2.HTTPError, ValueError) as error:
            raise DagsterSilent(f"the Dagster webserver does not answer: {error}") from error
        if body.get("errors"):
            raise DagsterSilent(f"the Dagster webserver refused: {body['errors'][0]['message']}")
        data: dict[str, Any] = body["data"]
        return data


def _run(found: dict[str, Any]) -> Run:
    started, ended = found["startTime"], found["endTime"]
    return Run(
        id=found["runId"],
        name=_name(found),
        status=found["status"],
        seconds=ended - started if started and ended else None,
        updated_at=found["updateTime"] or datetime.now(UTC).timestamp(),
    )


def _name(found: dict[str, Any]) -> str:
    # What a person materializes in the UI runs under a name of Dagster's own that says nothing.
    if not found["jobName"].startswith("__"):
        return str(found["jobName"])
    keys = ["/".join(key["path"]) for key in found["assetSelection"] or []]
    return f"materialize {', '.join(keys)}" if keys else "a run by hand"


_LOCATIONS = """
{ workspaceOrError { ... on Workspace { locationEntries {
    name locationOrLoadError { __typename } } } } }
"""
_DAEMONS = """
{ instance { daemonHealth { allDaemonStatuses { daemonType required healthy lastHeartbeatTime } } } }
"""
_INSTIGATORS = """
query ($selector: RepositorySelector!) { repositoryOrError(repositorySelector: $selector) {
    ... on Repository { schedules { name scheduleState { status } } sensors { name sensorState { status } } }
    ... on Error { message } } }
"""
_LAUNCH = """
mutation ($parameters: ExecutionParams!) { launchRun(executionParams: $parameters) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on Error { message } } }
"""
_RUNS = f"""
query ($filter: RunsFilter) {{ runsOrError(filter: $filter, limit: 100) {{
    ... on Runs {{ results {{ {_RUN_FIELDS} }} }} ... on Error {{ message }} }} }}
"""
_EVENTS = """
query ($run: ID!) { logsForRun(runId: $run) { ... on EventConnection { events {
    __typename
    ... on RunFailureEvent { message error { message causes { message } } }
    ... on ExecutionStepFailureEvent { error { message causes { message } } } } } } }
"""
_SAID = """
query ($run: ID!) { runOrError(runId: $run) { ... on Run { assetMaterializations { metadataEntries {
    label ... on TextMetadataEntry { text } } } } } }
"""
_TERMINATE = """
mutation ($runs: [String!]!, $policy: TerminateRunPolicy) {
    terminateRuns(runIds: $runs, terminatePolicy: $policy) { __typename } }
"""
