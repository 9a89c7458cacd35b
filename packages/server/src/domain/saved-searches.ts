import { type PageBody, type SavedSearchCreate, storedJson } from '@mintaka/contract';
import { type SavedSearchResponse, savedSearchFromRow } from '../database/codecs/saved-search.ts';
import { type Batches, readPiece } from './batches.ts';
import type { Context } from './context.ts';
import type { Created } from './created.ts';
import { NotFoundError } from './errors.ts';
import { pageOf } from './pages.ts';

const notFound = () => new NotFoundError('Saved search not found');

/** Saves a search under its name; replaces an existing one. */
export function saveSearch(
  context: Context,
  { name, filters }: SavedSearchCreate,
): Promise<Created<SavedSearchResponse>> {
  const id = context.random.id();
  return context.database.transaction(async (session) => {
    const now = context.clock.now();
    const stored = storedJson(
      (filters ?? []).map((filter) => ({ ...filter, value: filter.value.parseExactly() })),
    );
    await session.run(
      session.sql
        .insertInto('saved_search')
        .values({ id, created: now, updated: now, name, filters: stored })
        .onConflict((on) => on.column('name').doUpdateSet({ filters: stored })),
    );
    const row = await session.first(
      session.sql.selectFrom('saved_search').selectAll().where('name', '=', name),
    );
    if (row === undefined) throw notFound();
    return { created: row.id === id, value: savedSearchFromRow(row) };
  });
}

/** A saved search. @throws NotFoundError */
export async function readSavedSearch(context: Context, id: string): Promise<SavedSearchResponse> {
  const row = await context.database.read((session) =>
    session.first(session.sql.selectFrom('saved_search').selectAll().where('id', '=', id)),
  );
  if (row === undefined) throw notFound();
  return savedSearchFromRow(row);
}

/** One page of the saved searches, by name. */
export function filterSavedSearches(context: Context, body: PageBody): Batches<SavedSearchResponse> {
  return readPiece(pageOf(context, body), ({ limit, offset }) =>
    context.database.read(async (session) => {
      const searches = session.sql.selectFrom('saved_search').selectAll();
      const page = searches.orderBy('name').limit(limit).offset(offset);
      return (await session.all(page)).map(savedSearchFromRow);
    }),
  );
}

/** Forgets a search. @throws NotFoundError */
export async function deleteSavedSearch(context: Context, id: string): Promise<void> {
  const deleted = await context.database.transaction((session) =>
    session.run(session.sql.deleteFrom('saved_search').where('id', '=', id)),
  );
  if (deleted === 0) throw notFound();
}
