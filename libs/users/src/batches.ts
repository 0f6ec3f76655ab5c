const sizes = [1, 20, 100, 500] as const;
const largest = 500;

/**
 * The values in batches of a few fixed sizes, the last one filled up with repeats of its last value: statements over a
 * batch have few texts, and each stays small however many values there are.
 */
export function batches<T>(values: readonly T[]): readonly (readonly T[])[] {
  const result: (readonly T[])[] = [];
  for (let start = 0; start < values.length; start += largest) {
    const batch = values.slice(start, start + largest);
    const last = batch.at(-1);
    const size = sizes.find((each) => each >= batch.length) ?? largest;
    result.push(last === undefined ? batch : [...batch, ...Array<T>(size - batch.length).fill(last)]);
  }
  return result;
}

/** Placeholders for the values of a batch, as they stand after IN. */
export function placeholders(batch: readonly unknown[]): string {
  return `(${batch.map(() => '?').join(', ')})`;
}
