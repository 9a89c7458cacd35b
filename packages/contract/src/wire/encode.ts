import type * as z from 'zod';
import { encodeJson, encodeText } from '../json.ts';
import type { Encode, WireDef } from './type.ts';

/**
 * Creates the encoder of a schema. It writes a value as JSON with exactly the schema's fields in their order. An
 * absent optional field is omitted. The value is trusted, not validated. It is several times as fast as
 * `JSON.stringify`, and it copies {@link JsonText} without parsing.
 */
export function encoderOf(schema: z.core.$ZodType): Encode {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'custom':
      return ownEncode(def) ?? encodeJson;
    case 'object':
      return encodeFields(fieldsOf(def));
    case 'array':
      return encodeItems(encoderOf(def.element));
    case 'record':
      return encodeValues(encoderOf(def.valueType));
    case 'nullable':
      return orNull(encoderOf(def.innerType));
    case 'optional':
    case 'default':
      return encoderOf(def.innerType);
    default:
      return encodeJson;
  }
}

/** The encoder of a type created with {@link wireType}. */
function ownEncode(def: z.core.$ZodTypeDef | WireDef): Encode | undefined {
  return 'encode' in def ? def.encode : undefined;
}

/** A field of an object: its name, the text before its value, and the encoder of its value. */
type Field = readonly [name: string, key: string, encode: Encode];

function fieldsOf({ shape }: z.core.$ZodObjectDef): Field[] {
  return Object.entries(shape).map(([name, type]) => [name, `${encodeText(name)}:`, encoderOf(type)]);
}

function encodeFields(fields: readonly Field[]): Encode {
  return (value) => {
    if (typeof value !== 'object' || value === null) return 'null';
    const record = value as Readonly<Record<string, unknown>>;
    let text = '';
    for (const [name, key, encode] of fields) {
      const item = record[name];
      if (item !== undefined) text += text === '' ? key + encode(item) : `,${key}${encode(item)}`;
    }
    return `{${text}}`;
  };
}

function encodeItems(encode: Encode): Encode {
  return (value) => {
    if (!Array.isArray(value)) return 'null';
    let text = '';
    for (const item of value) text += text === '' ? encode(item) : `,${encode(item)}`;
    return `[${text}]`;
  };
}

function encodeValues(encode: Encode): Encode {
  return (value) => {
    if (typeof value !== 'object' || value === null) return 'null';
    const parts = Object.entries(value).map(([key, item]) => `${encodeText(key)}:${encode(item)}`);
    return `{${parts.join(',')}}`;
  };
}

function orNull(encode: Encode): Encode {
  return (value) => (value === null ? 'null' : encode(value));
}
