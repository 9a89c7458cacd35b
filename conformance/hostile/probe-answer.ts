/** A turn of the server's event loop. */
export type Turn = {
  /** The CPU time of the turn, which excludes the effects of a busy machine. */
  milliseconds: number;
  /** The requests that were open at that time. */
  requests: string[];
};

/** A server's memory after a full garbage collection, in bytes. */
export type Memory = {
  /** In V8's heap and its buffers. */
  used: number;
  /** In the whole process. */
  resident: number;
};

/** The answer of the probe in the server. */
export type ProbeAnswer = { turns: Turn[] } | { memory: Memory };
