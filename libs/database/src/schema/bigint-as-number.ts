import type { ValueTransformer } from 'typeorm';

/** For the `bigint` columns of entities: instants and counters stay below 2^53, whatever form a driver reads them in. */
export const bigintAsNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};
