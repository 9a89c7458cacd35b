import pg from 'pg';

/** Opens a connection to a Postgres database, runs `work`, and closes it. */
export async function onPostgres<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
  config: pg.ClientConfig = {},
): Promise<Result> {
  const client = new pg.Client({ ...config, connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Creates a database on a Postgres server and returns its URL.
 * @param server the URL of any database of that server, with a role that can create databases.
 * @param template the database to copy; empty by default.
 */
export async function makePostgresDatabase(
  server: string,
  name: string,
  template = 'template0',
): Promise<string> {
  await onPostgres(server, (client) => client.query(`CREATE DATABASE "${name}" TEMPLATE "${template}"`));
  return databaseUrl(server, name);
}

/** Removes a database, even if others are connected to it. A missing database is ignored. */
export async function dropPostgresDatabase(server: string, name: string): Promise<void> {
  await onPostgres(server, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
}

function databaseUrl(server: string, name: string): string {
  const changed = new URL(server);
  changed.pathname = `/${name}`;
  return changed.href;
}
