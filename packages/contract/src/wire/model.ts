import * as z from 'zod';
import { ZodObject } from 'zod';
import { readObject } from './containers.ts';
import { complain, missing, type Report, refuseNull } from './type.ts';

/** Rules of a model beyond its fields. */
export type ModelRules = {
  /** How unknown keys are handled: an error each (`forbid`), or ignored (the default). */
  extra?: 'forbid' | 'ignore';
  /** Changes the received object before its fields are read. */
  before?: (received: Record<string, unknown>) => Record<string, unknown>;
  /** Validates or changes the object after its fields were parsed, even if some were invalid (those are absent). */
  after?: (read: Record<string, unknown>, report: Report) => void;
};

type ModelDef = z.core.$ZodObjectDef & { rules: ModelRules };

interface ModelInternals extends z.core.$ZodObjectInternals {
  def: ModelDef;
}

interface AnyModel extends z.ZodType<unknown, unknown, ModelInternals> {
  _zod: ModelInternals;
}

const Model: z.core.$constructor<AnyModel, ModelDef> = z.core.$constructor<AnyModel, ModelDef>(
  'Model',
  (inst, def) => {
    ZodObject.init(inst as z.ZodType as z.ZodObject, def);
    const fields = inst._zod.parse;
    const { before, after } = def.rules;
    inst._zod.parse = (payload, ctx) => {
      const { value } = payload;
      if (value === undefined || value === null) {
        if (value === null) refuseNull(payload);
        else missing(payload);
        return payload;
      }
      const received: Record<string, unknown> | undefined = readObject(value, payload);
      if (received === undefined) return payload;
      payload.value = before === undefined ? received : before(received);
      const read = fields(payload, ctx);
      if (read instanceof Promise) throw new z.core.$ZodAsyncError();
      if (after !== undefined) after(rightFields(read), read);
      return read;
    };
  },
);

/** The valid fields that were read. */
function rightFields({ value, issues }: z.core.ParsePayload): Record<string, unknown> {
  const read = value as Record<string, unknown>;
  for (const { path } of issues) if (typeof path?.[0] === 'string') delete read[path[0]];
  return read;
}

/** An object with the given fields. The API page uses its name. */
export function model<Fields extends z.core.$ZodLooseShape>(
  name: string,
  fields: Fields,
  rules: ModelRules = {},
): z.ZodObject<Fields, z.core.$strip> {
  return describe(
    new Model(modelDef(fields, rules)) as z.ZodType as z.ZodObject<Fields, z.core.$strip>,
    name,
  );
}

function modelDef(fields: z.core.$ZodLooseShape, rules: ModelRules): ModelDef {
  const def = { type: 'object', shape: fields, rules } as const;
  return rules.extra === 'forbid' ? { ...def, catchall: z.never() } : def;
}

function describe<Schema extends z.ZodType>(schema: Schema, name: string): Schema {
  return schema.meta({ id: name, title: name });
}

const RequestBody: z.core.$constructor<z.ZodObject, z.core.$ZodObjectDef> = z.core.$constructor<
  z.ZodObject,
  z.core.$ZodObjectDef
>('RequestBody', (inst, def) => {
  ZodObject.init(inst, def);
  const fields = inst._zod.parse;
  const names = Object.keys(def.shape);
  inst._zod.parse = (payload, ctx) => {
    const { value } = payload;
    if (value === undefined || value === null) payload.value = {};
    else if (typeof value !== 'object' || Array.isArray(value)) {
      for (const name of names) {
        const lost: Report = { issues: [] };
        missing(lost);
        payload.issues.push(...z.core.util.prefixIssues(name, lost.issues));
      }
      return payload;
    } else payload.value = withoutNulls(value as Record<string, unknown>);
    return fields(payload, ctx);
  };
});

/**
 * The body of an operation with several named values, or its path or query parameters. Null means absent, and unknown
 * keys are ignored. If the value is not an object, every field is reported as missing, even those with a default.
 */
export function parameters<Fields extends z.core.$ZodLooseShape>(
  name: string,
  fields: Fields,
): z.ZodObject<Fields, z.core.$strip> {
  const made = new RequestBody({ type: 'object', shape: fields });
  return describe(made as z.ZodType as z.ZodObject<Fields, z.core.$strip>, name);
}

function withoutNulls(received: Record<string, unknown>): Record<string, unknown> {
  for (const key in received) if (received[key] === null) return dropNulls(received);
  return received;
}

function dropNulls(received: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(received).filter(([, value]) => value !== null));
}

/** Reports an error about the whole object; its location in the API is `__root__`. */
export function complainAtRoot(report: Report, type: string, message: string): void {
  const complaint: Report = { issues: [] };
  complain(complaint, type, message);
  report.issues.push(...z.core.util.prefixIssues('__root__', complaint.issues));
}
