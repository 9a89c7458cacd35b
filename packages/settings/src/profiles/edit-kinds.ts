import type { ProfileValues } from './read.ts';

/** One change to a file of profiles. */
export type ProfileEdit =
  /** Makes a profile the active one. */
  | { readonly kind: 'use'; readonly profile: string }
  /** Adds a profile. */
  | { readonly kind: 'create'; readonly profile: string; readonly values: ProfileValues }
  /** Deletes a profile; the file names no active profile afterwards if it was that one. */
  | { readonly kind: 'delete'; readonly profile: string }
  /** Gives a profile another name; it stays the active one if it was. */
  | { readonly kind: 'rename'; readonly profile: string; readonly to: string }
  /** Gives settings of a profile values. Adds the profile if it is missing. */
  | { readonly kind: 'set'; readonly profile: string; readonly values: ProfileValues }
  /** Takes settings out of a profile; names that are not there make no difference. */
  | { readonly kind: 'unset'; readonly profile: string; readonly names: readonly string[] };
