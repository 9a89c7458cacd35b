import { identity } from './columns.ts';

/** Concurrency limits, saved searches, and the server's own data. */
export const administration = `
CREATE TABLE concurrency_limit (
  ${identity},
  tag VARCHAR NOT NULL,
  concurrency_limit INTEGER NOT NULL,
  active_slots JSONB DEFAULT '[]' NOT NULL,
  CONSTRAINT pk_concurrency_limit PRIMARY KEY (id)
);
CREATE INDEX ix_concurrency_limit__updated ON concurrency_limit (updated);
CREATE UNIQUE INDEX uq_concurrency_limit__tag ON concurrency_limit (tag);

CREATE TABLE configuration (
  ${identity},
  key VARCHAR NOT NULL,
  value JSONB NOT NULL,
  CONSTRAINT pk_configuration PRIMARY KEY (id),
  CONSTRAINT uq_configuration__key UNIQUE (key)
);
CREATE INDEX ix_configuration__key ON configuration (key);
CREATE INDEX ix_configuration__updated ON configuration (updated);

CREATE TABLE saved_search (
  ${identity},
  name VARCHAR NOT NULL,
  filters JSONB DEFAULT '[]' NOT NULL,
  CONSTRAINT pk_saved_search PRIMARY KEY (id),
  CONSTRAINT uq_saved_search__name UNIQUE (name)
);
CREATE INDEX ix_saved_search__updated ON saved_search (updated);
`;
