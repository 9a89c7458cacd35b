/** Why command lines may come out otherwise on our server than on the reference. */
export type Explanation = {
  lines: readonly string[];
  /** What may be different. */
  parts: readonly ('stdout' | 'stderr' | 'requests')[];
  /** The reason, as the page of command lines shows it. */
  reason: string;
};

/** The differences that are meant; docs/differences-from-prefect.md tells of each. */
export const explanations: readonly Explanation[] = [
  {
    lines: ['block type ls', 'blocks types ls', 'block type inspect secret', 'block create missing'],
    parts: ['stdout'],
    reason: 'the server registers some block types more, and describes all of them in words of our own',
  },
  {
    lines: ['block register -m prefect.blocks.system'],
    parts: ['requests'],
    reason: "our block types' schemas have other checksums, so the client registers its own next to them",
  },
  {
    lines: ['flow-run inspect $later', 'flow-run ls'],
    parts: ['stdout'],
    reason: 'a run in a work queue that nobody has claimed is cancelled at once',
  },
  {
    lines: ['concurrency-limit create "" 1'],
    parts: ['stderr'],
    reason: 'redirects are relative, so that they hold behind a proxy',
  },
  {
    lines: ['work-queue ls'],
    parts: ['stdout'],
    reason: "a queue of a deployment's own pool is not made in the default pool as well",
  },
];

/** The explanation of a command line, if it has one. */
export function explain(line: string): Explanation | undefined {
  return explanations.find(({ lines }) => lines.includes(line));
}
