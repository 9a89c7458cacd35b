import type { JsonObject } from '@mintaka/contract';

/** A built-in block type, with the schema of its blocks. */
export type CatalogBlock = {
  name: string;
  slug: string;
  logoUrl: string | null;
  documentationUrl: string | null;
  /** The purpose of the blocks, in one sentence. */
  description: string;
  /** How a flow in Python loads such a block and uses it. Missing if clients have no class for it. */
  example?: { from: string; block: string; as: string; use?: string };
  /** Whether clients must not delete the type, because the server or its pages need it. */
  isProtected?: true;
  /** Whether the reference lacks this type; such types are not part of the reference's set. */
  isOurs?: true;
  /** What the blocks can do; clients can search for it. */
  capabilities: readonly string[];
  /** The release of the package whose blocks have this schema. */
  version: string;
  /** The name of the class of the blocks. */
  title: string;
  /** The fields of the blocks, each in JSON schema. */
  properties: JsonObject;
  required?: readonly string[];
  /** The paths of the fields that are secret. */
  secretFields: readonly string[];
  /** Definitions that the fields refer to and that are not blocks. */
  definitions?: JsonObject;
  /** The fields that contain other blocks, with the slugs of their types. */
  blocks?: Readonly<Record<string, string>>;
};
