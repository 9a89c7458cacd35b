import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decryptFernet,
  encryptFernet,
  InvalidFernetKeyError,
  InvalidTokenError,
  newFernetKey,
  readFernetKey,
} from '../../../../src/domain/blocks/encryption/fernet.ts';

type Case = { key: string; text: string; time: number; token: string };

/** Tokens created with the Python package `cryptography`. */
const cases: Case[] = JSON.parse(readFileSync(new URL('./fernet-cases.json', import.meta.url), 'utf8'));

test("tokens of Python's cryptography can be read", () => {
  for (const { key, text, token } of cases) assert.equal(decryptFernet(readFernetKey(key), token), text);
});

test("tokens have the form of Python's cryptography: version, time, length and padding", () => {
  for (const { key, text, time, token } of cases) {
    const ours = encryptFernet(readFernetKey(key), text, time);
    assert.equal(ours.length, token.length);
    assert.equal(ours.slice(0, 12), token.slice(0, 12));
    assert.match(ours, /^[\w-]+=*$/);
  }
});

test('every text is decrypted correctly, and no token repeats', () => {
  const key = readFernetKey(newFernetKey());
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const token = encryptFernet(key, text, 1);
      assert.equal(decryptFernet(key, token), text);
      assert.notEqual(encryptFernet(key, text, 1), token);
    }),
  );
});

test('a token that was changed anywhere, truncated, or created with another key is refused', () => {
  const key = readFernetKey(newFernetKey());
  const token = encryptFernet(key, 'secret', 1);
  const bytes = Buffer.from(token, 'base64url');
  for (let place = 0; place < bytes.length; place++) {
    const changed = Buffer.from(bytes);
    changed[place] = (changed[place] ?? 0) ^ 1;
    assert.throws(() => decryptFernet(key, changed.toString('base64url')), InvalidTokenError);
    const cut = bytes.subarray(0, place).toString('base64url');
    assert.throws(() => decryptFernet(key, cut), InvalidTokenError);
  }
  assert.throws(() => decryptFernet(readFernetKey(newFernetKey()), token), InvalidTokenError);
});

test('a key is 32 bytes in URL-safe base64', () => {
  assert.match(newFernetKey(), /^[\w-]{43}=$/);
  for (const text of ['', 'short', 'a'.repeat(60)]) {
    assert.throws(() => readFernetKey(text), InvalidFernetKeyError);
  }
});
