import type { JsonValue } from '@mintaka/contract';
import { objectOrNull } from '../../../database/codecs/values.ts';
import type { ReadSession, WriteSession } from '../../../database/database.ts';
import type { Context } from '../../context.ts';
import {
  forgetConfiguration,
  provideConfiguration,
  readConfiguration,
  readStoredConfiguration,
  rememberedConfiguration,
} from './configuration.ts';
import { type FernetKey, InvalidTokenError, newFernetKey, readFernetKey } from './fernet.ts';

const configurationKey = 'ENCRYPTION_KEY';

/**
 * The key that encrypts secrets: the operator's, or the one in the database, which is created if it is missing. It is read
 * from the database each time, so that no deleted key is used. If the row was deleted and this server still has the key in
 * its cache, the same key is stored again, because it decrypts everything written so far.
 */
export async function keyForWriting(context: Context, session: WriteSession): Promise<FernetKey> {
  const given = context.settings.encryptionKey;
  if (given !== null) return readFernetKey(given);
  const stored =
    (await readStoredConfiguration(context, session, configurationKey)) ??
    (await provideConfiguration(
      context,
      session,
      configurationKey,
      rememberedConfiguration(context, configurationKey) ?? { fernet_key: newFernetKey() },
    ));
  return keyOf(stored);
}

/**
 * Decrypts with the key. If the cached key does not fit, another server may have changed it: then `work` is retried with the
 * key in the database.
 * @throws InvalidTokenError if no key fits
 */
export async function decryptWith<Result>(
  context: Context,
  session: ReadSession,
  work: (key: FernetKey) => Result,
): Promise<Result> {
  const given = context.settings.encryptionKey;
  if (given !== null) return work(readFernetKey(given));
  const known = await readConfiguration(context, session, configurationKey);
  if (known === undefined) throw new InvalidTokenError();
  try {
    return work(keyOf(known.value));
  } catch (error) {
    if (!known.remembered || !(error instanceof InvalidTokenError)) throw error;
  }
  forgetConfiguration(context, configurationKey);
  return decryptWith(context, session, work);
}

function keyOf(value: JsonValue): FernetKey {
  const key = objectOrNull(value)?.fernet_key;
  return readFernetKey(typeof key === 'string' ? key : '');
}
