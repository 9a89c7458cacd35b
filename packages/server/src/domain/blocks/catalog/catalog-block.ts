import type { JsonObject } from '@mintaka/contract';

/** A block type that the server knows by itself, with the schema of its blocks. */
export type CatalogBlock = {
  name: string;
  slug: string;
  logoUrl: string | null;
  documentationUrl: string | null;
  /** What the blocks are for, in a sentence. */
  description: string;
  /** How a flow in Python gets hold of such a block, and what it may do with it. Where clients have no class, there is none. */
  example?: { from: string; block: string; as: string; use?: string };
  /** Whether clients may not delete the type: the server or its pages need it. */
  isProtected?: true;
  /** Whether the reference has no such type: what asks for the reference's set does not get it. */
  isOurs?: true;
  /** What the blocks can do, for those who look for a block that can. */
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
  /** What the fields refer to and is no block. */
  definitions?: JsonObject;
  /** The fields that hold other blocks, with the slugs of their types. */
  blocks?: Readonly<Record<string, string>>;
};
