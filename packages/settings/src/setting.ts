import type { Kind } from './kinds.ts';

/** One setting: everything that is known about it. Where nobody gave it a value, it has its `fallback`. */
export type Setting<Value = unknown, Fallback = unknown> = {
  /** Its full name in the environment; `names.ts` tells the shorter ones. */
  readonly name: string;
  readonly kind: Kind<Value>;
  /** Texts may name other settings, such as `${PREFECT_HOME}`. */
  readonly fallback: Fallback;
  /** What it decides, for docs/settings.md; empty where only clients act on it. */
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

/** The same, for what nobody may read in an answer or a log. */
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

/** The same, for what nobody may read in an answer or a log. */
export function ownSecret<Value, Fallback extends Value | null>(
  name: string,
  kind: Kind<Value>,
  fallback: Fallback,
  description: string,
): Setting<Value, Fallback> {
  return { ...own(name, kind, fallback, description), secret: true };
}

/** A setting that only clients act on; it is read to be shown. */
export function clients<Value, Fallback extends Value | null>(
  name: string,
  kind: Kind<Value>,
  fallback: Fallback,
  isSecret = false,
): Setting<Value, Fallback> {
  return { ...setting(name, kind, fallback, ''), secret: isSecret };
}
