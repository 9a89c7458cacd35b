/** Why command lines may behave differently on our server. */
export type Explanation = {
  lines: readonly string[];
  /** The parts that may differ. */
  parts: readonly ('stdout' | 'stderr' | 'requests')[];
  /** The reason, as shown on the page of command lines. */
  reason: string;
};

/** The deliberate differences; each has its line in docs/differences-from-prefect.md. */
export const explanations: readonly Explanation[] = [
  {
    lines: ['block type ls', 'blocks types ls', 'block type inspect secret', 'block create missing'],
    parts: ['stdout'],
    reason: 'the server registers more block types, and all of them have their own descriptions',
  },
  {
    lines: ['block register -m prefect.blocks.system'],
    parts: ['requests'],
    reason:
      'the schemas of the registered block types have different checksums, so the client registers its own in addition',
  },
  {
    lines: ['flow-run inspect $later', 'flow-run ls'],
    parts: ['stdout'],
    reason: 'an unclaimed run in a work queue is cancelled immediately',
  },
  {
    lines: ['concurrency-limit create "" 1'],
    parts: ['stderr'],
    reason: 'redirects are relative, so that they work behind a proxy',
  },
  {
    lines: ['work-queue ls'],
    parts: ['stdout'],
    reason: "a queue of a deployment's own pool is not also created in the default pool",
  },
];

/** The explanation of a command line, if it has one. */
export function explain(line: string): Explanation | undefined {
  return explanations.find(({ lines }) => lines.includes(line));
}
