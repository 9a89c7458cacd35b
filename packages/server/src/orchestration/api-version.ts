/** A client's version of the REST API, from its `X-PREFECT-API-VERSION` header. */
export type ApiVersion = readonly [major: number, minor: number, patch: number];

/** Whether a client has the given version or a later one. A client without a version (null) counts as the latest. */
export function speaks(client: ApiVersion | null, wanted: ApiVersion): boolean {
  if (client === null) return true;
  for (const [part, number] of client.entries()) {
    const floor = wanted[part] ?? 0;
    if (number !== floor) return number > floor;
  }
  return true;
}

/** The version since which clients retry failed tasks of a rerun themselves. */
export const CLIENTS_RETRY_TASKS: ApiVersion = [0, 8, 3];

/** The version since which clients know pauses. */
export const CLIENTS_PAUSE: ApiVersion = [0, 8, 4];
