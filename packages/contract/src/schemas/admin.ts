import type * as z from 'zod';
import { boolean, jsonObject, parameters } from '../wire/index.ts';

/** Confirms an operation on the whole database; without `confirm` nothing is done. */
export const ConfirmBody = parameters('DatabaseConfirmation', { confirm: boolean().default(false) });
export type ConfirmBody = z.output<typeof ConfirmBody>;
/** ConfirmBody as a client sends it. */
export type ConfirmBodyInput = z.input<typeof ConfirmBody>;

/** The server's settings by their names, secrets masked. */
export const Settings = jsonObject().meta({ id: 'Settings', title: 'Settings' });
export type Settings = z.output<typeof Settings>;
