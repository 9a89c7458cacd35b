import { type JsonText, MOST_OVERRIDES_CHARACTERS, MOST_TEMPLATE_CHARACTERS } from '@mintaka/contract';
import { quoted } from '@mintaka/contract/wire';
import type { WriteSession } from '../../database/database.ts';
import type { Context } from '../context.ts';
import { RefusedError, TemporarilyUnavailableError } from '../errors.ts';
import { templateOfPool } from './named-queue.ts';

/** Overrides of a deployment for the jobs of a pool. */
export type PoolOverrides = { pool: string; overrides: JsonText };

/** How often overrides are checked again because the template changed, before the client must retry. */
const attempts = 3;

/**
 * Runs `save` in a transaction if the overrides fit the job template of their pool. They are checked before the transaction,
 * because that can take seconds; if the template changes in the meantime, they are checked again.
 * @throws NotFoundError if the pool does not exist, RefusedError 409 if the overrides do not fit or the check exceeds its
 *   limits, TemporarilyUnavailableError
 */
export async function withFittingOverrides<Saved>(
  context: Context,
  { pool, overrides }: PoolOverrides,
  save: (session: WriteSession) => Promise<Saved>,
): Promise<Saved> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const judged = await context.database.read((session) => templateOfPool(session, pool));
    await judge(context, pool, judged.text, overrides.text);
    const done = await context.database.transaction(async (session) => {
      const { text } = await templateOfPool(session, pool);
      return text === judged.text ? { saved: await save(session) } : undefined;
    });
    if (done !== undefined) return done.saved;
  }
  throw new TemporarilyUnavailableError(`The template of work pool "${pool}" keeps changing; try again.`, 1);
}

async function judge(context: Context, pool: string, template: string, overrides: string): Promise<void> {
  if (template === '{}') return;
  if (template.length > MOST_TEMPLATE_CHARACTERS) {
    refuse(
      `The base_job_template of work pool "${pool}" has more than ${MOST_TEMPLATE_CHARACTERS} characters.`,
    );
  }
  if (overrides.length > MOST_OVERRIDES_CHARACTERS) {
    refuse(`The infra_overrides have more than ${MOST_OVERRIDES_CHARACTERS} characters.`);
  }
  const verdict = await context.schemaChecks.judge({ template, overrides });
  switch (verdict.status) {
    case 'valid':
      return;
    case 'invalid':
      return refuse(`<${verdict.kind}: ${quoted(verdict.problem)}>`);
    case 'unfinished':
      return refuse(
        `The infra_overrides could not be checked against the variables of work pool "${pool}": ${verdict.reason}.`,
      );
  }
}

function refuse(reason: string): never {
  throw new RefusedError(409, `Error creating deployment: ${reason}`);
}
