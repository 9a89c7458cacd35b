/** The first three columns of every table. */
export const identity = `id UUID DEFAULT gen_random_uuid() NOT NULL,
  created TIMESTAMPTZ DEFAULT CURRENT_TIMESTAMP NOT NULL,
  updated TIMESTAMPTZ DEFAULT CURRENT_TIMESTAMP NOT NULL`;
