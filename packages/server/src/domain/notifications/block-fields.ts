import { isRawJson, type JsonObject, type JsonValue } from '@mintaka/contract';
import { objectOrNull } from '../../database/codecs/values.ts';

/** A block cannot be used to send anything; the message is for the log. */
export class UnusableBlockError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnusableBlockError';
  }
}

/** Reads the fields of a block document from any client. Missing and null fields are the same. */
export type BlockFields = {
  /** A string (numbers are converted). @throws UnusableBlockError if it is missing or empty */
  text(name: string): string;
  /** An optional string. */
  optional(name: string): string | null;
  /** A list of strings; a single string counts as a list. */
  texts(name: string): string[];
  flag(name: string, otherwise: boolean): boolean;
  number(name: string, otherwise: number): number;
  /** Strings by name. */
  mapping(name: string): Record<string, string>;
  /** The raw value. */
  value(name: string): JsonValue | undefined;
};

/** The fields of a block's data. */
export function fieldsOf(data: JsonObject): BlockFields {
  const value = (name: string): JsonValue | undefined =>
    Object.hasOwn(data, name) ? (data[name] ?? undefined) : undefined;
  const optional = (name: string) => textOf(value(name));
  return {
    value,
    optional,
    text: (name) => {
      const text = optional(name);
      if (text === null || text === '') throw new UnusableBlockError(`the block has no ${name}`);
      return text;
    },
    texts: (name) => {
      const list = value(name) ?? [];
      return (Array.isArray(list) ? list : [list]).map(textOf).filter((text) => text !== null);
    },
    flag: (name, otherwise) => {
      const flag = value(name);
      return typeof flag === 'boolean' ? flag : otherwise;
    },
    number: (name, otherwise) => {
      const number = Number(optional(name) ?? otherwise);
      if (!Number.isFinite(number)) throw new UnusableBlockError(`the block's ${name} is not a number`);
      return number;
    },
    mapping: (name) => {
      const entries = Object.entries(objectOrNull(value(name)) ?? {});
      return Object.fromEntries(entries.map(([key, item]) => [key, textOf(item) ?? JSON.stringify(item)]));
    },
  };
}

function textOf(value: JsonValue | undefined): string | null {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return value !== null && value !== undefined && isRawJson(value) ? value.rawJSON : null;
  }
}
