/**
 * What the tables need from Postgres: trigrams for searches by a part of a name, and the type of states, in the order they
 * were added.
 */
export const types = `
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TYPE state_type AS ENUM (
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'CRASHED',
  'PAUSED',
  'CANCELLING'
);
`;
