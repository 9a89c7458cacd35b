import type * as z from 'zod';
import { boolean, jsonObject, parameters } from '../wire/index.ts';

/** What clears, drops or makes the whole database must be confirmed. */
export const ConfirmBody = parameters('ConfirmBody', { confirm: boolean().default(false) });
export type ConfirmBody = z.output<typeof ConfirmBody>;

/** The server's settings by their names, secrets masked. */
export const Settings = jsonObject().meta({ id: 'Settings', title: 'Settings' });
export type Settings = z.output<typeof Settings>;
