import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** A prepared Fernet key: preparing it once saves time if many tokens are read. */
export type FernetKey = { readonly signing: KeyObject; readonly encryption: KeyObject };

/** A text that is not a Fernet key. @internal for tests */
export class InvalidFernetKeyError extends Error {
  constructor() {
    super('Fernet key must be 32 url-safe base64-encoded bytes.');
    this.name = 'InvalidFernetKeyError';
  }
}

/** A token that was created with another key, or not a token at all. */
export class InvalidTokenError extends Error {
  constructor() {
    super('the token was not made with this key');
    this.name = 'InvalidTokenError';
  }
}

const version = 0x80;
const macLength = 32;
/** Version, time and initialization vector precede the encrypted bytes. */
const headLength = 1 + 8 + 16;
const cipher = 'aes-128-cbc';

/** Generates a key as text. It protects secrets, so its randomness cannot be replaced in tests. */
export function newFernetKey(): string {
  return base64url(randomBytes(32));
}

/** Parses a key: 32 bytes in URL-safe base64. @throws InvalidFernetKeyError */
export function readFernetKey(text: string): FernetKey {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== 32) throw new InvalidFernetKeyError();
  return {
    signing: createSecretKey(bytes.subarray(0, 16)),
    encryption: createSecretKey(bytes.subarray(16)),
  };
}

/** Encrypts a text to a token. `time` is in whole seconds since 1970; it can be read without the key. */
export function encryptFernet(key: FernetKey, text: string, time: number): string {
  const head = Buffer.alloc(headLength);
  head.writeUInt8(version, 0);
  head.writeBigUInt64BE(BigInt(time), 1);
  const vector = randomBytes(16);
  vector.copy(head, 9);
  const encryption = createCipheriv(cipher, key.encryption, vector);
  const signed = Buffer.concat([head, encryption.update(text, 'utf8'), encryption.final()]);
  return base64url(Buffer.concat([signed, mac(key, signed)]));
}

/** Decrypts a token. @throws InvalidTokenError */
export function decryptFernet(key: FernetKey, token: string): string {
  const bytes = Buffer.from(token, 'base64url');
  const signed = bytes.subarray(0, -macLength);
  if (signed.length <= headLength || signed[0] !== version) throw new InvalidTokenError();
  if (!timingSafeEqual(mac(key, signed), bytes.subarray(-macLength))) throw new InvalidTokenError();
  return decipher(key, signed.subarray(9, headLength), signed.subarray(headLength));
}

function decipher(key: FernetKey, vector: Buffer, encrypted: Buffer): string {
  try {
    const decryption = createDecipheriv(cipher, key.encryption, vector);
    return decryption.update(encrypted, undefined, 'utf8') + decryption.final('utf8');
  } catch {
    throw new InvalidTokenError();
  }
}

function mac(key: FernetKey, signed: Buffer): Buffer {
  return createHmac('sha256', key.signing).update(signed).digest();
}

/** With padding, as other implementations of Fernet write it. */
function base64url(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
