import type { Kind } from './kinds.ts';

/** A setting. If it is not set, its value is `fallback`. */
export type Setting<Value = unknown, Fallback = unknown> = {
  /** Its full name in the environment; `names.ts` derives the shorter ones. */
  readonly name: string;
  readonly kind: Kind<Value>;
  /** May refer to other settings, such as `${PREFECT_HOME}`. */
  readonly fallback: Fallback;
  /** What it controls, for docs/settings.md; empty if only clients use it. */
  readonly description: string;
  /** Whether its value is never shown. */
  readonly secret: boolean;
};

/** A setting that the reference server has too. */
export function setting<Value, Fallback extends Value | null>(
  name: string,
  kind: Kind<Value>,
  fallback: Fallback,
  description: string,
): Setting<Value, Fallback> {
  return { name: `PREFECT_${name}`, kind, fallback, description, secret: false };
}

/** A secret setting of the reference server; its value never appears in answers or logs. */
export function secret<Value, Fallback extends Value | null>(
  name: string,
  kind: Kind<Value>,
  fallback: Fallback,
  description: string,
): Setting<Value, Fallback> {
  return { ...setting(name, kind, fallback, description), secret: true };
}

/** A setting that only this server has. */
export function own<Value, Fallback extends Value | null>(
  name: string,
  kind: Kind<Value>,
  fallback: Fallback,
  description: string,
): Setting<Value, Fallback> {
  return { name: `MINTAKA_${name}`, kind, fallback, description, secret: false };
}

/** A secret setting that only this server has; its value never appears in answers or logs. */
export function ownSecret<Value, Fallback extends Value | null>(
  name: string,
  kind: Kind<Value>,
  fallback: Fallback,
  description: string,
): Setting<Value, Fallback> {
  return { ...own(name, kind, fallback, description), secret: true };
}

/** A setting that only clients use; the server reads it to show it. */
export function clients<Value, Fallback extends Value | null>(
  name: string,
  kind: Kind<Value>,
  fallback: Fallback,
  isSecret = false,
): Setting<Value, Fallback> {
  return { ...setting(name, kind, fallback, ''), secret: isSecret };
}
