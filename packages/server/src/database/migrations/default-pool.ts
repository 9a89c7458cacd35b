/** The rows of a fresh database: the pool that work queues without a pool belong to, and its default queue. */
export const defaultPool = `
INSERT INTO work_pool (name, type) VALUES ('default-agent-pool', 'prefect-agent');
INSERT INTO work_queue (name, work_pool_id) SELECT 'default', id FROM work_pool WHERE name = 'default-agent-pool';
UPDATE work_pool SET default_queue_id = (SELECT id FROM work_queue WHERE work_pool_id = work_pool.id);
`;
