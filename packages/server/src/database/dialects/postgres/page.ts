import { askForIds, type IdsOfPage, selectIds } from '../page.ts';
import { postgresBindings } from './bindings.ts';

/** One plain statement: Postgres estimates how many rows match a condition, and plans accordingly. */
export const idsOfPageInPostgres: IdsOfPage = async (session, page) =>
  page.limit === 0 ? [] : askForIds(session, selectIds(page, page.condition(postgresBindings)));
