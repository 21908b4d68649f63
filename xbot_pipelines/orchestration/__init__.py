"""Everything that knows Dagster: the timetable, resources, assets, jobs, schedules. What they do lies in `systems`."""
