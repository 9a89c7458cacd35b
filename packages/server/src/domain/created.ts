/** A requested object, and whether this request created it. */
export type Created<Thing> = { created: boolean; value: Thing };
