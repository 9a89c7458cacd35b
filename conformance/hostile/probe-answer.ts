/** A turn of the server's event loop. */
export type Turn = {
  /** The time that it took of a processor. What a busy machine adds is not in it. */
  milliseconds: number;
  /** The requests that were open meanwhile. */
  requests: string[];
};

/** What a server uses after a full garbage collection, in bytes. */
export type Memory = {
  /** In V8's heap and in the buffers that belong to it. */
  used: number;
  /** In the whole process. */
  resident: number;
};

/** What the probe in the server answers. */
export type ProbeAnswer = { turns: Turn[] } | { memory: Memory };
