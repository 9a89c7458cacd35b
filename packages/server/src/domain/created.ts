/** Something that was asked to exist, and whether this request made it. */
export type Created<Thing> = { created: boolean; value: Thing };
