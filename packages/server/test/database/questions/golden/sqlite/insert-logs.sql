-- To see a plan, put "explain query plan" before a statement in sqlite3.

-- insertLogs
insert into log (id, created, updated, name, level, flow_run_id, task_run_id, message, timestamp)
values (?, ?, ?, ?, ?, ?, ?, ?, ?);
