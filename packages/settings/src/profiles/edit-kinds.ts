import type { ProfileValues } from './read.ts';

/** One change to a file of profiles. */
export type ProfileEdit =
  /** Activates a profile. */
  | { readonly kind: 'use'; readonly profile: string }
  /** Adds a profile. */
  | { readonly kind: 'create'; readonly profile: string; readonly values: ProfileValues }
  /** Deletes a profile; if it was active, the file has no active profile afterwards. */
  | { readonly kind: 'delete'; readonly profile: string }
  /** Renames a profile; it stays active if it was. */
  | { readonly kind: 'rename'; readonly profile: string; readonly to: string }
  /** Sets values in a profile. Adds the profile if it is missing. */
  | { readonly kind: 'set'; readonly profile: string; readonly values: ProfileValues }
  /** Removes settings from a profile; missing names are ignored. */
  | { readonly kind: 'unset'; readonly profile: string; readonly names: readonly string[] };
