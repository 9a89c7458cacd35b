/** What the operator may decide about a server; read once at start, then passed down. Durations in seconds. */
export type ServerSettings = {
  host: string;
  port: number;
  databaseUrl: string;
  /** The most that one page of a list holds. */
  pageLimit: number;
  /** The largest request body, in bytes. */
  bodyLimit: number;
};

/** Reads the settings from the environment. */
export function readSettings(environment: Record<string, string | undefined>): ServerSettings {
  const read = (name: string) => environment[`MINTAKA_${name}`] ?? environment[`PREFECT_${name}`];
  return {
    host: read('ORION_API_HOST') ?? '127.0.0.1',
    port: Number(read('ORION_API_PORT') ?? 4200),
    databaseUrl:
      read('ORION_DATABASE_CONNECTION_URL') ?? `sqlite:///${environment.HOME ?? '.'}/.mintaka/mintaka.db`,
    pageLimit: Number(read('ORION_API_DEFAULT_LIMIT') ?? 200),
    bodyLimit: 8 * 1024 * 1024,
  };
}
