import { filterStep, type Resource } from '../resource.ts';

/** The requests of the web pages. */
export const ui: Resource = {
  name: 'ui',
  weight: 0.7,
  step: (workshop) => filterStep(workshop, '/ui/flow_runs/history', 'EXPECTED_START_TIME_DESC'),
};
